import { beforeEach, expect, test, vi } from "vitest";

let answers: Record<string, unknown> = {};
const asked: string[] = [];
vi.mock("../staff/api", async (original) => ({
  ...(await original<object>()),
  ask: (path: string, { method = "GET" }: { method?: string } = {}) => {
    asked.push(method === "GET" ? path : `${method} ${path}`);
    const answer = answers[path.split("?")[0]!];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  },
}));
const gone: string[] = [];
vi.mock("../staff/router.svelte", () => ({ router: { rest: ["a"], go: (...parts: string[]) => void gone.push(parts.join("/")) } }));
const undos: (() => void)[] = [];
vi.mock("../staff/toasts.svelte", () => ({ toasts: { say: (_: string, undo?: () => void) => undo && undos.push(undo) } }));

const { Outline, plant } = await import("../staff/standards/outline.svelte");
const { Frameworks, Search } = await import("../staff/standards/standards.svelte");
const { StandardsFile } = await import("../staff/standards/file.svelte");
const { meant, Taught } = await import("../staff/standards/coverage.svelte");
const { Refused } = await import("../staff/api");
const { span } = await import("../staff/standards/words");
type Row = import("../staff/standards/types").Row;

const row = (id: string, above: number, text = id): Row => [id, above, id, text, "", "", 0, 0];
/** A(B(C) D) E */
const rows = [row("A", -1), row("B", 0), row("C", 1), row("D", 0), row("E", -1, "École")];
/** A hundred headings with a hundred statements each. */
const many = Array.from({ length: 10_100 }, (_, i) => (i % 101 ? row(`s${i}`, i - (i % 101)) : row(`h${i}`, -1)));

beforeEach(() => {
  asked.length = gone.length = undos.length = 0;
});

function filled(of = rows) {
  const outline = new Outline();
  outline.fill(of);
  return outline;
}
const ids = (outline: InstanceType<typeof Outline>) => outline.shown.map((i) => outline.nodes[i]!.id).join("");

test("each statement knows its depth, its end and its place", () => {
  expect(plant(rows).map(({ depth, next, place, of }) => [depth, next, place, of])).toEqual([[0, 4, 1, 2], [1, 3, 1, 2], [2, 3, 1, 1], [1, 4, 2, 2], [0, 5, 2, 2]]);
});

test("a small tree opens whole, a large one closed", () => {
  expect(ids(filled())).toBe("ABCDE");
  const large = filled(many);
  expect(large.shown.length).toBe(100);
  large.turn(0);
  expect(large.shown.length).toBe(200);
  expect(large.shown[101]).toBe(101);
});

test("keys go through a tree as through any tree", () => {
  const outline = filled();
  const at = () => outline.nodes[outline.at]!.id;
  const press = (...keys: string[]) => keys.map((key) => outline.press(key, 3) && at()).join("");
  expect(press("ArrowDown", "ArrowDown", "End", "ArrowDown", "Home", "ArrowUp")).toBe("BCEEAA");
  expect(press("ArrowRight", "ArrowRight", "ArrowRight")).toBe("BCC");
  expect(press("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft")).toBe("BBAA");
  expect(ids(outline)).toBe("AE");
  expect(press("*")).toBe("A");
  expect(ids(outline)).toBe("ABDE"); // B was closed by the second left
  expect(press("PageDown", "PageUp")).toBe("EA");
  expect(outline.press("F2", 3)).toBe(false);
  expect(outline.press(" ", 3)).toBe(false);
});

test("typing finds the next row that begins so, without its accents", () => {
  const outline = filled();
  outline.press("e", 3);
  expect(outline.nodes[outline.at]!.id).toBe("E");
  outline.press("c", 3);
  expect(outline.nodes[outline.at]!.id).toBe("E"); // "ec" is École
});

test("what was found is shown in its place", () => {
  const outline = filled(many);
  expect(outline.reveal("s10000")).toBe(true);
  expect(outline.shown).toContain(10_000);
  expect(outline.at).toBe(10_000);
  expect(outline.path(10_000)).toEqual(["h9999"]);
  expect(outline.reveal("nothing")).toBe(false);
});

test("a newer state of a tree keeps what was open", () => {
  const outline = filled(many);
  outline.turn(101);
  outline.at = 101;
  outline.fill([row("new", -1), ...many.map(([id, above, ...rest]) => [id, above < 0 ? -1 : above + 1, ...rest] as Row)]);
  expect(outline.shown.length).toBe(201);
  expect(outline.nodes[outline.at]!.id).toBe("h101");
});

test("only the framework asked for last comes into view", async () => {
  answers = { "standards/a": { framework: { id: "a" }, statements: rows }, "standards/b": { framework: { id: "b" }, statements: [row("Z", -1)] } };
  const frameworks = new Frameworks();
  const first = frameworks.show("a");
  await frameworks.show("b");
  await first;
  expect(frameworks.open?.id).toBe("b");
  expect(ids(frameworks.outline)).toBe("Z");
});

test("an empty search asks nobody", async () => {
  const search = new Search();
  search.text = "  ";
  await search.look();
  expect(asked).toEqual([]);
  answers = { "standards/search": { statements: [{ id: "x" }], near: true } };
  search.text = "evaluate site";
  search.grade = "4";
  await search.look();
  expect(asked).toEqual(["standards/search?q=evaluate+site&grade=4&framework="]);
  expect([search.found.length, search.near, search.of]).toEqual([1, true, "evaluate site"]);
});

test("grades are written as people write them", () => {
  expect(["", "4", "3,4", "3,4,5", "PK,K,1,5", "6,7,8,11,12", "x"].map(span)).toEqual(["", "4", "3, 4", "3–5", "PK–1, 5", "6–8, 11, 12", ""]);
});

const framework = { id: "a", title: "A", creator: "", language: "", status: "", statements: 2, used: 0, own: false, imported_at: "", updated: "" };
const preview = { framework, statements: 2, remarks: [], remarks_of: 0, changes: { added: 2, changed: 0, gone: 0, kept: 0, same: 0 }, sample: [] };
const file = new File(["{}"], "a b.json");

test("a file is looked at before it is brought in, and what is new can be taken back", async () => {
  answers = { standards: { ...preview, framework: { ...framework, id: "" } } };
  const frameworks = new Frameworks();
  const taken = new StandardsFile(frameworks);
  await taken.read(file);
  expect(asked).toEqual(["POST standards?file=a+b.json&dry_run=1"]);
  expect([taken.newer, taken.changes]).toEqual([false, true]);
  answers = { standards: { ...preview, frameworks: [framework] }, "standards/a": { framework, statements: rows } };
  await taken.apply();
  expect(asked.slice(1)).toEqual(["POST standards?file=a+b.json", "standards", "standards/a"]);
  expect([taken.name, gone, frameworks.open?.id]).toEqual(["", ["teaching/standards/a"], "a"]);
  undos[0]!();
  await vi.waitFor(() => expect(asked).toContain("DELETE standards/a"));
  await vi.waitFor(() => expect(frameworks.open).toBeNull());
});

test("a newer file has no way back, and one without news changes nothing", async () => {
  answers = { standards: { ...preview, changes: { added: 0, changed: 0, gone: 0, kept: 1, same: 2 } } };
  const taken = new StandardsFile(new Frameworks());
  await taken.read(file);
  expect([taken.newer, taken.changes]).toEqual([true, false]);
});

test("a file that cannot be read stays named, with why", async () => {
  answers = { standards: new Refused(400, "It breaks off at byte 300.", "broken_json", "file", []) };
  const taken = new StandardsFile(new Frameworks());
  await taken.read(file);
  expect([taken.name, taken.attempt.text, taken.preview]).toEqual(["a b.json", "It breaks off at byte 300.", null]);
  taken.close();
  expect([taken.name, taken.attempt.text]).toEqual(["", ""]);
});

test("what was taught is narrowed to what was reached and to what was not", async () => {
  const row = (id: string, total: number, leaf = true) => ({ id, code: id, text: id, depth: 0, grades: "4,5", cells: [total], total, leaf });
  answers = { "standards/coverage": { framework, frameworks: [framework], from: "", until: "", grades: ["4"], rows: [row("A", 2, false), row("A1", 2), row("A2", 0)], sessions: 2, without: 0 } };
  const taught = new Taught();
  await taught.load("", "2026-01-01", "");
  expect(asked).toEqual(["standards/coverage?from=2026-01-01"]);
  expect([taught.reached, taught.leaves.length, taught.pages.total]).toEqual([1, 2, 3]);
  taught.show("missing");
  await vi.waitFor(() => expect(taught.pages.at(0)?.id).toBe("A2"));
  taught.show("reached");
  await vi.waitFor(() => expect(taught.pages.total).toBe(2));
  expect([meant(row("x", 0), "5"), meant(row("x", 0), "6"), meant({ ...row("x", 0), grades: "" }, "6")]).toEqual([true, false, true]);
});
