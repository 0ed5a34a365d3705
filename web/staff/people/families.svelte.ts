import { m } from "../../shared/paraglide/messages";
import { ask } from "../api";
import { many } from "../imports/words";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { Child } from "./types";

type Row = { record: number; column?: string; reason?: string; message?: string };
/** What a file of paper forms would change. */
export type Forms = { read: number; added: number; unchanged: number; rejected: Row[]; warnings: Row[] };

/** The children whose families asked for something, and a file of paper forms that is looked over before it counts. */
export class Families {
  children = $state.raw<Child[] | null>(null);
  file = $state.raw<File | null>(null);
  forms = $state.raw<Forms | null>(null);
  trouble = $state("");
  fileTrouble = $state("");
  working = $state(false);

  load = async (): Promise<void> => {
    try {
      this.children = (await ask<{ patrons: Child[] }>("restrictions")).patrons;
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  };

  /** Reads a file without noting anything. */
  look(file: File): Promise<void> {
    this.file = file;
    this.forms = null;
    return this.#send(true);
  }

  /** Notes what was looked over. */
  apply = () => this.#send(false);

  forget = () => {
    this.file = this.forms = null;
    this.fileTrouble = "";
  };

  async #send(dry: boolean): Promise<void> {
    const { file } = this;
    if (!file) return;
    this.fileTrouble = "";
    this.working = true;
    try {
      const query = new URLSearchParams({ file: file.name, ...(dry ? { dry_run: "1" } : {}) });
      const forms = await ask<Forms>(`restrictions/import?${query}`, { method: "POST", body: file, headers: { "Content-Type": "text/csv" }, patience: 60_000 });
      if (dry) {
        this.forms = forms;
        return;
      }
      toasts.say(m.choices_file_done({ n: forms.added, count: many(forms.added) }));
      this.forget();
      await this.load();
    } catch (error) {
      this.fileTrouble = problem(error);
    } finally {
      this.working = false;
    }
  }
}
