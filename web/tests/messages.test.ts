import { readdirSync, readFileSync } from "node:fs";
import { parse } from "svelte/compiler";
import { describe, expect, test } from "vitest";

type Message = string | { declarations: string[]; match: Record<string, string> }[];

const folder = new URL("..", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), "utf8");
const messages = (locale: string): Record<string, Message> => JSON.parse(read(`messages/${locale}.json`));
const sources = ["catalog", "check", "kiosk", "staff", "shared"].flatMap((name) =>
  readdirSync(new URL(`${name}/`, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(svelte|ts)$/.test(file))
    .map((file) => `${name}/${file}`),
);

const en = messages("en");
const es = messages("es");
const texts = (message: Message | undefined): string[] =>
  message === undefined ? [] : typeof message === "string" ? [message] : message.flatMap((variant) => Object.values(variant.match));
const holes = (message: Message | undefined) => [...new Set(texts(message).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

/** Sentences that rightly read the same in both languages: names, numbers, words both share. */
const same = new Set(["language_en", "language_es", "kiosk_no"]);

describe("every sentence exists in English and in Spanish", () => {
  test("with the same names", () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  });

  test.each(Object.keys(en))("%s", (name) => {
    expect(texts(es[name]).join("").trim(), "is empty").not.toBe("");
    expect(holes(es[name]), "has other holes").toEqual(holes(en[name]));
    if (same.has(name)) return;
    expect(texts(es[name]), "is not translated").not.toEqual(texts(en[name]));
  });

  test("and the list of equal sentences is no longer than it must be", () => {
    const equal = Object.keys(en).filter((name) => texts(en[name]).join() === texts(es[name]).join());
    expect([...same].filter((name) => !equal.includes(name))).toEqual([]);
  });
});

test("children are spoken to with tú, and no refusal shouts", () => {
  const kiosk = Object.entries(es).filter(([name]) => /^(kiosk|pupil|sheet)_/.test(name) && !name.startsWith("kiosk_pair") && !name.startsWith("kiosk_state"));
  expect(kiosk.filter(([, message]) => /\b(usted|escanee|lleve|ponga)\b/i.test(texts(message).join(" "))).map(([name]) => name)).toEqual([]);
  const refusals = Object.entries({ ...en, ...es }).filter(([name]) => /^(problem|stopped|kiosk_(again|help|away|wait))/.test(name));
  expect(refusals.filter(([, message]) => /[!¡]/.test(texts(message).join())).map(([name]) => name)).toEqual([]);
});

test("every sentence is used somewhere", () => {
  const code = sources.map(read).join("\n");
  expect(Object.keys(en).filter((name) => !new RegExp(`\\bm\\.${name}\\b`).test(code))).toEqual([]);
});

describe("no words stand in a page outside the message files", () => {
  /** Names of keys, and the product's own name, are the same in every language. */
  const allowed = /^(Esc|Enter|Ctrl [A-Z]|F\d|\/|Carrel)$/;
  const spoken = new Set(["aria-label", "placeholder", "title", "alt", "label"]);

  function words(node: unknown, found: string[] = []): string[] {
    if (Array.isArray(node)) {
      for (const each of node) words(each, found);
      return found;
    }
    if (!node || typeof node !== "object") return found;
    const { type, data, name, value } = node as { type?: string; data?: string; name?: string; value?: unknown };
    if (type === "Text") {
      const text = data?.trim() ?? "";
      if (/\p{L}{2}/u.test(text) && !allowed.test(text)) found.push(text);
      return found;
    }
    if (type === "Attribute" && !spoken.has(name ?? "")) return found;
    if (type === "Attribute") return words(value, found);
    for (const child of Object.values(node)) words(child, found);
    return found;
  }

  test.each(sources.filter((file) => file.endsWith(".svelte")))("%s", (file) => {
    expect(words(parse(read(file), { modern: true }).fragment)).toEqual([]);
  });

  test("and no page carries a style attribute, which the content security policy would drop", () => {
    expect(sources.filter((file) => /\sstyle(=|:)/.test(read(file)) && file.endsWith(".svelte"))).toEqual([]);
  });
});
