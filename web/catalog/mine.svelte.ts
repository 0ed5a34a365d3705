import type { Book, Hit, Run, Style } from "./api";

const LIST = "carrel.catalog.list";
const SOURCES = "carrel.catalog.sources";

/** A book on the child's own list: as much of it as its card needs. */
export type Saved = Pick<Hit, "id" | "title" | "author" | "call_number" | "cover">;
/** A book that was used for a piece of school work. */
export type Source = { id: string; title: string; cite: Record<Style, Run[]> };

function load<T>(key: string): T[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? (found as T[]) : [];
  } catch {
    return []; // somebody wrote something else there
  }
}

/** What a child keeps: on this device only, never sent anywhere. */
class Mine {
  books = $state.raw(load<Saved>(LIST));
  sources = $state.raw(load<Source>(SOURCES));

  constructor() {
    // another tab of the same device
    window.addEventListener("storage", ({ key }) => {
      if (key === LIST || key === null) this.books = load(LIST);
      if (key === SOURCES || key === null) this.sources = load(SOURCES);
    });
  }

  has(id: string): boolean {
    return this.books.some((book) => book.id === id);
  }

  uses(id: string): boolean {
    return this.sources.some((source) => source.id === id);
  }

  toggle({ id, title, author, call_number, cover }: Saved) {
    this.#keepBooks(this.has(id) ? this.books.filter((book) => book.id !== id) : [...this.books, { id, title, author, call_number, cover: cover ?? "" }]);
  }

  toggleSource({ title, cite }: Book) {
    const { id } = title;
    this.#keepSources(this.uses(id) ? this.sources.filter((source) => source.id !== id) : [...this.sources, { id, title: title.title, cite }]);
  }

  dropSource(id: string) {
    this.#keepSources(this.sources.filter((source) => source.id !== id));
  }

  clear() {
    this.#keepBooks([]);
  }

  clearSources() {
    this.#keepSources([]);
  }

  #keepBooks(books: Saved[]) {
    this.books = books;
    localStorage.setItem(LIST, JSON.stringify(books));
  }

  #keepSources(sources: Source[]) {
    this.sources = sources;
    localStorage.setItem(SOURCES, JSON.stringify(sources));
  }
}

export const mine = new Mine();
