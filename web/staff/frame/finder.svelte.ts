import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, type Title } from "../api";
import type { Place } from "../places";
import { to } from "../router.svelte";
import { problem } from "../words";

/** One thing found, and where it is shown. */
export type Found = { kind: "page" | "patron" | "item" | "title"; name: string; note: string; href: string };

type Answer = {
  patrons?: { barcode: string; name: string; homeroom: string; grade: string }[];
  items: { barcode: string; title: string; status: string }[];
  titles: Title[];
};

const MANY = 6;
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The search over everything: pages of the app at once, people and books as the server answers. Only the newest answer counts. */
export class Finder {
  q = $state("");
  at = $state(0);
  #answer = $state.raw<Answer | null>(null);
  #trouble = $state("");
  #asked: AbortController | undefined;
  #places: () => readonly Place[];

  constructor(places: () => readonly Place[]) {
    this.#places = places;
  }

  readonly found = $derived.by<Found[]>(() => [...this.#people(), ...this.#pages(), ...this.#books()]);

  get said(): string {
    if (this.#trouble) return this.#trouble;
    if (!this.q.trim()) return m.find_lead();
    return this.#answer && !this.found.length ? m.find_none({ q: this.q.trim() }) : "";
  }

  clear() {
    this.type("");
  }

  type(q: string) {
    this.q = q;
    this.at = 0;
    void this.#ask();
  }

  step(by: number) {
    const many = this.found.length;
    if (many) this.at = (this.at + by + many) % many;
  }

  async #ask(): Promise<void> {
    this.#asked?.abort();
    const asked = new AbortController();
    this.#asked = asked;
    const q = this.q.trim();
    if (!q || !account.person || !["librarian", "aide", "volunteer"].includes(account.person.role)) {
      this.#answer = null;
      this.#trouble = "";
      return;
    }
    try {
      const answer = await ask<Answer>(`find?q=${encodeURIComponent(q)}`, { signal: asked.signal });
      if (this.#asked !== asked) return;
      this.#answer = answer;
      this.#trouble = "";
    } catch (error) {
      if (this.#asked === asked) this.#trouble = problem(error);
    }
  }

  #people(): Found[] {
    return (this.#answer?.patrons ?? []).map(({ barcode, name, homeroom }) => ({ kind: "patron", name, note: homeroom, href: to("people", "students", barcode) }));
  }

  #books(): Found[] {
    const { items = [], titles = [] } = this.#answer ?? {};
    return [
      ...items.map(({ barcode, title }): Found => ({ kind: "item", name: title, note: barcode, href: `${to("catalog", "search")}?q=${encodeURIComponent(barcode)}` })),
      ...titles.map(({ title, author }): Found => ({ kind: "title", name: title, note: author, href: `${to("catalog", "search")}?q=${encodeURIComponent(title)}` })),
    ];
  }

  #pages(): Found[] {
    const words = plain(this.q).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const pages = this.#places().flatMap((place) => place.tabs.map((tab): Found => ({ kind: "page", name: tab.name(), note: place.name(), href: to(place.id, tab.id) })));
    return pages.filter(({ name, note }) => words.every((word) => plain(`${name} ${note}`).includes(word))).slice(0, MANY);
  }
}
