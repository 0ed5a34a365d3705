import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";
import { Setting } from "./setting.svelte";

/** Labels on their paper, in millimetres; the server knows what fits. */
export type Sheet = { name: string; paper: "letter" | "a4"; columns: number; rows: number; width: number; height: number; left: number; top: number; gap_x: number; gap_y: number; cut: boolean };
export type Adjust = { right: number; down: number; across: number; along: number };
export type Printer = { name: string; adjust: Adjust };
export type Paper = { size: "letter" | "a4"; hold_name: "first" | "initial" | "full"; sheets: Sheet[]; printers: Printer[]; known?: (Sheet & { cards: boolean })[] };

export const sheetNumbers = ["columns", "rows", "width", "height", "left", "top", "gap_x", "gap_y"] as const;
export const measures = ["left", "top", "across", "along"] as const;

/** A sheet as it is typed, numbers as text; was is the name it had. */
export type TypedSheet = { was: string; name: string; paper: string; cut: boolean } & Record<(typeof sheetNumbers)[number], string>;
export type TypedPrinter = { was: string; name: string } & Record<(typeof measures)[number], string>;

/** The paper's own measures, in millimetres. */
export const papers = { letter: [215.9, 279.4], a4: [210, 297] } as const;

/** A number as typed with point or comma; what is none goes as it is, for the server to name. */
export function decimal(text: string): number {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && Number.isFinite(number) ? number : (text as unknown as number);
}

/** What the school says of its paper, its printers and its own label sheets. */
export class Printing {
  readonly paper = new Setting<Paper>("settings/paper");
  sheet = $state<TypedSheet | null>(null);
  printer = $state<TypedPrinter | null>(null);
  readonly attempt = new Attempt();

  editSheet(sheet?: Sheet) {
    this.attempt.clear();
    const from = sheet ?? { name: "", paper: this.paper.kept?.size ?? "letter", columns: 3, rows: 10, width: 66.7, height: 25.4, left: 4.8, top: 12.7, gap_x: 3.2, gap_y: 0, cut: false };
    const numbers = Object.fromEntries(sheetNumbers.map((name) => [name, String(from[name])])) as Record<(typeof sheetNumbers)[number], string>;
    this.sheet = { was: sheet?.name ?? "", name: from.name, paper: from.paper, cut: from.cut, ...numbers };
  }

  calibrate(printer?: Printer) {
    this.attempt.clear();
    this.printer = { was: printer?.name ?? "", name: printer?.name ?? "", left: "", top: "", across: "", along: "" };
  }

  async saveSheet(): Promise<void> {
    if (!this.sheet) return;
    const { was, ...typed } = this.sheet;
    const numbers = Object.fromEntries(sheetNumbers.map((name) => [name, decimal(typed[name])])) as Record<(typeof sheetNumbers)[number], number>;
    const sheet: Sheet = { ...typed, name: typed.name.trim(), ...numbers, paper: typed.paper as Sheet["paper"] };
    const saved = await this.#keep("sheets", placed(this.paper.kept?.sheets ?? [], was, sheet), m.printing_sheet_saved({ name: sheet.name }));
    if (saved) this.sheet = null;
  }

  async savePrinter(): Promise<void> {
    if (!this.printer) return;
    const { was, name, ...typed } = this.printer;
    let adjust: Adjust | undefined;
    const measured = await this.attempt.run(async () => {
      const body = Object.fromEntries(measures.map((measure) => [measure, decimal(typed[measure])]));
      adjust = (await ask<{ adjust: Adjust }>("settings/paper/measure", { method: "POST", body })).adjust;
    });
    if (!measured || !adjust) return;
    const saved = await this.#keep("printers", placed(this.paper.kept?.printers ?? [], was, { name: name.trim(), adjust }), m.printing_printer_saved({ name: name.trim() }));
    if (saved) this.printer = null;
  }

  removeSheet = (sheet: Sheet) => this.#keep("sheets", (this.paper.kept?.sheets ?? []).filter((other) => other !== sheet), m.settings_removed({ name: sheet.name }));
  removePrinter = (printer: Printer) => this.#keep("printers", (this.paper.kept?.printers ?? []).filter((other) => other !== printer), m.settings_removed({ name: printer.name }));

  async #keep<K extends "sheets" | "printers">(name: K, list: Paper[K], said: string): Promise<boolean> {
    const before = this.paper.kept![name];
    const saved = await this.paper.put({ [name]: list } as Partial<Paper>);
    [this.attempt.text, this.attempt.field] = [this.paper.attempt.text, this.paper.attempt.field];
    if (!saved) this.paper.attempt.clear();
    else toasts.say(said, () => void this.paper.put({ [name]: before } as Partial<Paper>));
    return saved;
  }
}

function placed<T extends { name: string }>(list: T[], was: string, one: T): T[] {
  return list.some(({ name }) => name === was) ? list.map((other) => (other.name === was ? one : other)) : [...list, one];
}

export const printing = new Printing();
account.onLeave(() => (printing.sheet = printing.printer = null));

/** What Carrel does about a printer, in words; nothing when it prints straight. */
export function adjusted({ right, down, across, along }: Adjust): string {
  const parts = [
    right && (right > 0 ? m.printing_right : m.printing_left)({ mm: Math.abs(right).toFixed(1) }),
    down && (down > 0 ? m.printing_down : m.printing_up)({ mm: Math.abs(down).toFixed(1) }),
    across && m.printing_across({ percent: across.toFixed(2) }),
    along && m.printing_along({ percent: along.toFixed(2) }),
  ].filter(Boolean);
  return parts.length ? parts.join(", ") : m.printing_straight();
}
