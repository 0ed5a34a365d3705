import { afterEach, beforeEach, expect, test, vi } from "vitest";

const asked: string[] = [];
let answers: ((answer: unknown) => void)[] = [];
vi.mock("../staff/api", async (original) => ({
  ...(await original<typeof import("../staff/api")>()),
  ask: (path: string) => {
    asked.push(path);
    return new Promise((resolve) => answers.push(resolve));
  },
}));

const { Search } = await import("../staff/catalog/search.svelte");
const title = (id: string) => ({ id, title: id, author: "", call_number: "", year: 0, type: "book", items: 1, available: 1 });
const page = (...ids: string[]) => ({ page: 1, perPage: 25, totalItems: ids.length + 40, items: ids.map(title), facets: {}, took_ms: 1 });
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  asked.length = 0;
  answers = [];
});
afterEach(() => vi.restoreAllMocks());

test("an address becomes a search and an address again", () => {
  const query = "q=cats&grades=K-2&grades=3-5&kind=graphic&sort=year&page=3";
  const search = new Search(new URLSearchParams(query));
  expect(search.query.toString()).toBe(query);
  expect(search.filters).toEqual([["grades", "K-2"], ["grades", "3-5"], ["kind", "graphic"]]);
  expect(new Search(new URLSearchParams("sort=colour&page=-4")).query.toString()).toBe("");
});

test("a value is added to its group and taken away again, from the first page", () => {
  const search = new Search(new URLSearchParams("page=4"));
  search.choose("kind", "fiction");
  search.choose("kind", "graphic");
  expect(asked.at(-1)).toBe("titles?kind=fiction&kind=graphic&perPage=25");
  search.choose("kind", "fiction");
  expect(asked.at(-1)).toBe("titles?kind=graphic&perPage=25");
});

test("only the newest answer counts", async () => {
  const search = new Search(new URLSearchParams());
  search.type("c");
  search.type("ca");
  answers[1]!(page("two"));
  await settle();
  answers[0]!(page("one"));
  await settle();
  expect(search.answer?.items[0]?.id).toBe("two");
  expect(search.current).toBe("two");
});

test("the arrows stop at both ends", async () => {
  const search = new Search(new URLSearchParams());
  void search.run();
  answers[0]!(page("a", "b"));
  await settle();
  expect([search.step(1), search.step(1), search.step(-1), search.step(-1)]).toEqual(["b", "b", "a", "a"]);
});

test("a selection outlives the page it was made on, and all that is found is a search", async () => {
  const search = new Search(new URLSearchParams("q=x&page=2"));
  void search.run();
  answers[0]!(page("a", "b"));
  await settle();
  search.pick(title("a"));
  search.turn(3);
  answers[1]!(page("c"));
  await settle();
  search.pickPage();
  expect(search.selection).toEqual({ titles: ["a", "c"] });
  search.all = true;
  expect(search.selection).toEqual({ search: "q=x&sort=best" });
  expect(search.count).toBe(41);
  search.type("y");
  expect(search.all).toBe(false);
  search.drop();
  expect(search.selection).toEqual({ titles: [] });
});

test("all but one is what stays of the page", async () => {
  const search = new Search(new URLSearchParams());
  void search.run();
  answers[0]!(page("a", "b", "c"));
  await settle();
  search.all = true;
  search.pick(title("b"));
  expect(search.selection).toEqual({ titles: ["a", "c"] });
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Book } from "../catalog/api";

// what a page has and Node has not
const kept = new Map<string, string>();
const listeners: ((event: { key: string | null }) => void)[] = [];
vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => kept.set(key, text) });
vi.stubGlobal("location", { hash: "#/search?q=d%C3%ADa&kind=%zz" });
vi.stubGlobal("document", { documentElement: { lang: "" }, addEventListener: () => undefined });
vi.stubGlobal("window", { addEventListener: (_: string, listener: (event: { key: string | null }) => void) => listeners.push(listener) });

const { backOn, placeName, spoken, standing } = await import("../catalog/words");
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
