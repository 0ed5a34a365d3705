import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Book } from "../catalog/api";

// what a page has and Node has not
const kept = new Map<string, string>();
const listeners: ((event: { key: string | null }) => void)[] = [];
vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
vi.stubGlobal("location", { hash: "#/search?q=d%C3%ADa&kind=%zz" });
vi.stubGlobal("document", { documentElement: { lang: "" }, addEventListener: () => undefined });
vi.stubGlobal("window", { addEventListener: (_: string, listener: (event: { key: string | null }) => void) => listeners.push(listener) });

const { backOn, placeName, standing } = await import("../catalog/words");
const { spoken } = await import("../shared/names");
const { route } = await import("../catalog/route.svelte");
const { mine } = await import("../catalog/mine.svelte");
const { locale } = await import("../shared/locale.svelte");

beforeEach(() => locale.set("en"));

describe("words", () => {
  test.each([["Gibbons, Gail", "Gail Gibbons"], ["Seuss, Dr.", "Dr. Seuss"], ["Avi", "Avi"], ["King, Martin Luther, Jr.", "Martin Luther King, Jr."], ["", ""]])("%s is spoken as %s", (name, said) => {
    expect(spoken(name)).toBe(said);
  });

  test("a day within the week is a weekday, a later one a date, an earlier one no promise", () => {
    const today = new Date("2026-04-15T12:00:00Z");
    expect(backOn("2026-04-17", today)).toBe("Back Fri");
    expect(backOn("2026-04-21", today)).toBe("Back Tue");
    expect(backOn("2026-04-22", today)).toBe("Back Apr 22");
    expect(backOn("2026-04-14", today)).toBe("Back soon");
    locale.set("es");
    expect(backOn("2026-04-17", today)).toBe("Vuelve vie");
  });

  test("a book is here, waited for, or on its way", () => {
    expect(standing({ available: 1, items: 2, waiting: 3 })).toEqual({ here: true, text: "On the shelf now" });
    expect(standing({ available: 0, items: 2, waiting: 2, out: "2026-04-17" }).text).toBe("2 waiting");
    expect(standing({ available: 0, items: 0 })).toEqual({ here: false, text: "Not here now" });
  });

  test("a place is told from the room to the board", () => {
    const here = { thing: "s1", name: "Science wall", name_es: "Pared de ciencias", bay: 4, shelf: 2 };
    expect(placeName({ call_number: "523.4 GIB", location: "Nonfiction", n: 1, steps: [], here })).toBe("Science wall, bay 4, shelf 2");
    expect(placeName({ call_number: "523.4 GIB", location: "Nonfiction", n: 1, steps: [] })).toBe("Nonfiction");
    locale.set("es");
    expect(placeName({ call_number: "523.4 GIB", location: "Nonfiction", n: 1, steps: [], here })).toBe("Pared de ciencias, módulo 4, estante 2");
  });
});

test("an address is read, also one with a % typed by halves", () => {
  expect(route.place).toBe("search");
  expect(route.query.get("q")).toBe("día");
});

describe("what a child keeps", () => {
  const saved = { id: "a", title: "The Planets", author: "Gibbons, Gail", call_number: "523.4 GIB" };

  test("is on the device, once", () => {
    mine.toggle(saved);
    mine.toggle({ ...saved, id: "b" });
    expect(mine.has("a")).toBe(true);
    expect(JSON.parse(kept.get("carrel.catalog.list")!)).toHaveLength(2);
    mine.toggle(saved);
    expect(mine.books.map((book) => book.id)).toEqual(["b"]);
    mine.clear();
    expect(kept.get("carrel.catalog.list")).toBe("[]");
  });

  test("keeps a source with all its styles, until it is dropped", () => {
    const book = { title: { id: "a", title: "The Planets" }, cite: { mla: [{ text: "M" }], apa: [{ text: "A" }], chicago: [{ text: "C" }] } } as unknown as Book;
    mine.toggleSource(book);
    expect(mine.uses("a")).toBe(true);
    mine.dropSource("a");
    expect(mine.sources).toEqual([]);
  });

  test("follows another tab, and takes nonsense for nothing", () => {
    kept.set("carrel.catalog.list", JSON.stringify([saved]));
    for (const tell of listeners) tell({ key: "carrel.catalog.list" });
    expect(mine.has("a")).toBe(true);
    kept.set("carrel.catalog.list", "{broken");
    for (const tell of listeners) tell({ key: null });
    expect(mine.books).toEqual([]);
  });
});
