import { ask } from "../api";
import { problem } from "../words";

/** What the panel shows of a title. */
export type Shown = {
  title: { id: string; cover: string; type: string; author: string; fields: { title: string; publisher: string; year: string; pages: string; call_number: string; summary: string; subjects: string[] } };
  items: { id: string }[];
  holds: number;
  use: { this_year: number; last_year: number; all: number; last: string };
};

/** How long the arrows must rest on a title before it is fetched, in milliseconds: whoever runs down a list looks at the last one only. */
const REST = 160;

/** The title beside the results. What is shown stays until the next one is there. */
export class Panel {
  shown = $state.raw<Shown | null>(null);
  trouble = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wanted = "";

  want(id: string) {
    clearTimeout(this.#timer);
    this.#wanted = id;
    if (!id) {
      this.shown = null;
      return;
    }
    if (this.shown?.title.id === id) return;
    this.#timer = setTimeout(() => void this.load(), REST);
  }

  load = async (): Promise<void> => {
    const id = this.#wanted;
    if (!id) return;
    try {
      const shown = await ask<Shown>(`titles/${id}`);
      if (this.#wanted !== id) return;
      this.shown = shown;
      this.trouble = "";
    } catch (error) {
      if (this.#wanted !== id) return;
      this.shown = null;
      this.trouble = problem(error);
    }
  };

  stop() {
    clearTimeout(this.#timer);
    this.#wanted = "";
  }
}
