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
});
