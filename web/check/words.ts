import { locale } from "../shared/locale.svelte";
import type { Answer, Item } from "./types";

/** A text in the language of the page, or in the one it was written in. */
export const said = (text: string, spanish: string) => (locale.current === "es" && spanish ? spanish : text);

/** Whether a question has an answer; a sort, when every source has its place. */
export function answered(item: Item, answer: Answer | undefined): boolean {
  if (answer === undefined) return false;
  if (typeof answer === "string") return answer.trim() !== "";
  return (item.sources ?? []).every(({ id }) => answer[id]);
}

/** What is read aloud of a question. */
export function sentences(item: Item): string[] {
  return [said(item.prompt, item.prompt_es), ...[...(item.choices ?? []), ...(item.sources ?? []), ...(item.bins ?? [])].map(({ text, text_es }) => `${said(text, text_es)}.`)];
}
