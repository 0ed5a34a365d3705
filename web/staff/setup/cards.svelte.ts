import { account } from "../account.svelte";
import { ask, openPdf, type Homeroom } from "../api";
import { problem } from "../words";

export type Child = { barcode: string; first_name: string; last_name: string; picture: boolean };
export type Sheet = { name: string; paper: "letter" | "a4"; columns: number; rows: number; cut: boolean; cards: boolean };
type Paper = { size: "letter" | "a4"; sheets: Sheet[]; known: Sheet[] };

/** What can be printed for a homeroom: cards for wallets, a page of codes that stays in the library, or markers for the shelf. */
export const kinds = ["cards", "class", "markers"] as const;
export type Kind = (typeof kinds)[number];
export const bars = ["", "code128", "code39"] as const;

/** Children of a page of codes, and markers, on one page of paper. */
const PER_PAGE: Record<Exclude<Kind, "cards">, number> = { class: 20, markers: 4 };
const files: Record<Kind, string> = { cards: "cards.pdf", class: "class-sheets.pdf", markers: "markers.pdf" };

/** What a card calls each child: the first name, with the initial of the last one where two in the class share it. */
export function calledInClass(children: readonly Child[]): string[] {
  const shared = (name: string) => children.filter((other) => other.first_name === name).length > 1;
  return children.map(({ first_name, last_name }) => {
    const initial = [...last_name][0];
    return first_name && initial && shared(first_name) ? `${first_name} ${initial}.` : first_name || last_name;
  });
}

/** The pages so many cards take, with some places of the first sheet used up. */
export const pagesFor = (n: number, perPage: number, skip: number) => (n ? Math.ceil((n + (skip % perPage)) / perPage) : 0);

/** The cards of a school, as they are about to be printed. */
export class Cards {
  rooms = $state.raw<Homeroom[] | null>(null);
  school = $state("");
  room = $state("");
  children = $state.raw<Child[] | null>(null);
  kind = $state<Kind>("cards");
  sheets = $state.raw<Sheet[]>([]);
  sheet = $state("");
  paper = $state<"letter" | "a4">("letter");
  skip = $state(0);
  bars = $state<(typeof bars)[number]>("code128");
  picture = $state(true);
  trouble = $state("");

  readonly chosen = $derived(this.rooms?.find(({ id }) => id === this.room) ?? this.rooms?.[0] ?? null);
  readonly names = $derived(calledInClass(this.children ?? []));
  readonly perPage = $derived.by(() => {
    if (this.kind !== "cards") return PER_PAGE[this.kind];
    const sheet = this.sheets.find(({ name }) => name === this.sheet);
    return sheet ? sheet.columns * sheet.rows : 8;
  });
  readonly pages = $derived(pagesFor(this.names.length, this.perPage, this.kind === "cards" ? this.skip : 0));

  load = () =>
    this.#try(async () => {
      const [{ homerooms }, paper, { school }] = await Promise.all([ask<{ homerooms: Homeroom[] }>("homerooms"), ask<Paper>("settings/paper"), ask<{ school: string }>("me")]);
      this.rooms = homerooms.filter(({ patrons }) => patrons);
      this.school = school;
      this.paper = paper.size;
      this.sheets = [...paper.known.filter(({ cards }) => cards), ...paper.sheets.filter((sheet) => sheet.columns * sheet.rows <= 12)];
      this.sheet ||= `cr80-${paper.size}`;
      await this.#look();
    });

  choose = (room: string) =>
    this.#try(async () => {
      this.room = room;
      await this.#look();
    });

  setPaper = (size: "letter" | "a4") =>
    this.#try(async () => {
      this.paper = (await ask<Paper>("settings/paper", { method: "PUT", body: { size } })).size;
    });

  /** Prints one homeroom, or all. */
  print = (room: string) => this.#try(() => openPdf(this.address(room), files[this.kind]));
  /** Prints where the cards will be, on plain paper. */
  test = () => this.#try(() => openPdf(`labels/test.pdf?sheet=${encodeURIComponent(this.sheet)}`, "test.pdf"));

  /** The address of the paper for one homeroom, or for all without one. */
  address(room: string): string {
    const query = new URLSearchParams();
    if (room) query.set("homeroom", room);
    if (this.kind === "cards") {
      query.set("sheet", this.sheet);
      if (this.skip) query.set("skip", String(this.skip));
      if (this.bars) query.set("bars", this.bars);
      if (this.picture) query.set("picture", "1");
    }
    return `${files[this.kind]}?${query}`;
  }

  async #look() {
    const room = this.chosen;
    if (!room) return void (this.children = []);
    const { patrons } = await ask<{ patrons: Child[] }>(`homerooms/${room.id}/class`);
    if (room === this.chosen) this.children = patrons;
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  reset() {
    this.rooms = this.children = null;
    this.room = this.trouble = "";
  }
}

export const cards = new Cards();
account.onLeave(() => cards.reset());
