import { ask, openPdf } from "../api";
import { problem } from "../words";

export type What = "cards" | "class-sheets" | "markers";
type Sheet = { name: string; columns: number; rows: number; cards?: boolean };
type Paper = { sheets: Sheet[]; known: Sheet[]; printers: { name: string }[] };

/** What to print for a homeroom, and on which paper. */
export class Printing {
  what = $state<What>("cards");
  sheet = $state("");
  skip = $state<number | null>(0);
  bars = $state<"" | "code128" | "code39">("");
  picture = $state(false);
  printer = $state("");
  sheets = $state.raw<Sheet[]>([]);
  printers = $state.raw<{ name: string }[]>([]);
  trouble = $state("");
  working = $state(false);
  /** Names of the two codes, the same in every language. */
  readonly bars128 = "Code 128";
  readonly bars39 = "Code 39";

  /** The sheets a card has room on, and the school's own. */
  async load(): Promise<void> {
    try {
      const { sheets, known, printers } = await ask<Paper>("settings/paper");
      this.sheets = [...known.filter(({ cards }) => cards), ...sheets];
      this.printers = printers;
      this.sheet ||= this.sheets.find(({ name }) => name === "avery-5371")?.name ?? this.sheets[0]?.name ?? "";
    } catch {
      this.sheets = []; // the server's usual sheet is used
    }
  }

  /** The address of the paper for a homeroom (id), or for all. */
  path(homeroom: string): string {
    const cards = this.what === "cards" ? { sheet: this.sheet, skip: this.skip ? String(this.skip) : "", bars: this.bars, picture: this.picture ? "1" : "" } : {};
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ homeroom, ...cards, printer: this.printer })) if (value) query.set(name, value);
    return `${this.what}.pdf${query.size ? `?${query}` : ""}`;
  }

  print = (homeroom: string) => this.#try(() => openPdf(this.path(homeroom), `${this.what}.pdf`));
  test = () => this.#try(() => openPdf(`labels/test.pdf?${new URLSearchParams({ sheet: this.sheet, ...(this.printer ? { printer: this.printer } : {}) })}`, "test.pdf"));

  async #try(work: () => Promise<void>): Promise<void> {
    this.trouble = "";
    this.working = true;
    try {
      await work();
    } catch (error) {
      this.trouble = problem(error);
    } finally {
      this.working = false;
    }
  }
}
