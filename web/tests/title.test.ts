import { beforeEach, expect, test, vi } from "vitest";

const ask = vi.fn();
vi.mock("../staff/api", async () => {
  class Refused extends Error {
    constructor(readonly status: number, message: string, readonly code: string, readonly field: string, readonly refusals: unknown[], readonly data: Record<string, unknown> = {}) {
      super(message);
    }
  }
  return { ask: (...args: unknown[]) => ask(...args), Refused };
});
vi.mock("../staff/account.svelte", () => ({ account: { onLeave: () => {}, token: "" } }));

const { Refused } = await import("../staff/api");
const { Editor } = await import("../staff/catalog/title/editor.svelte");
const { indicators, Marc, parted, written } = await import("../staff/catalog/title/marc.svelte");
const { noFields } = await import("../staff/catalog/title/types");

const view = (fields: Record<string, unknown> = {}, updated = "1", problems: unknown[] = []) => ({
  title: { id: "t", updated, merged_into: "", cover: "", type: "book", author: "", shared: false, fields: { ...noFields, isbn: [], subjects: [], ...fields } },
  items: [], holds: 0, use: { this_year: 0, last_year: 0, all: 0, months: [] }, lists: [], versions: 1, tags: [], problems,
});
const sent = () => ask.mock.calls.filter(([, request]) => request).map(([, request]) => (request as { body: Record<string, unknown> }).body);
const no = (status: number, code: string, field = "", data = {}) => new Refused(status, `no: ${code}`, code, field, [], data);

beforeEach(() => ask.mockReset());

async function loaded(fields: Record<string, unknown> = {}) {
  const editor = new Editor("t");
  ask.mockResolvedValueOnce(view(fields));
  await editor.load();
  ask.mockClear();
  return editor;
}

test("only what was typed is sent, with the sitting and what was seen", async () => {
  const editor = await loaded({ title: "Moon", year: "2019" });
  editor.draft.title = "Sun";
  ask.mockResolvedValueOnce(view({ title: "Sun", year: "2019" }, "2"));
  await editor.save();
  expect(sent()).toEqual([{ updated: "1", sitting: editor.sitting, fields: { title: "Sun" } }]);
  expect(editor.changed).toEqual([]);
});

test("a field that is refused keeps what was typed, and the others are saved without it", async () => {
  const editor = await loaded();
  editor.draft.year = "20x9";
  editor.draft.pages = "41";
  ask.mockRejectedValueOnce(no(400, "bad_year", "year")).mockResolvedValueOnce(view({ pages: "41" }, "2"));
  await editor.save();
  await vi.waitFor(() => expect(sent()).toHaveLength(2));
  await vi.waitFor(() => expect(editor.saving).toBe(false));
  expect(sent()[1]!.fields).toEqual({ pages: "41" });
  expect(editor.draft.year).toBe("20x9");
  expect(editor.said("year")).toBe("no: bad_year");
  editor.draft.year = "2009";
  editor.touch("year");
  expect(editor.said("year")).toBe("");
});

test("fields of two people are joined; of the same field one is chosen", async () => {
  const editor = await loaded({ title: "Moon", place: "Boston" });
  editor.draft.title = "Mine";
  editor.draft.year = "2019";
  ask.mockRejectedValueOnce(no(409, "changed", "", { current: view({ title: "Theirs", place: "New York" }, "2") }));
  await editor.save();
  expect(editor.conflicts).toEqual([{ name: "title", theirs: "Theirs", mine: "Mine" }]);
  expect(editor.draft.place).toBe("New York");
  expect(editor.draft.title).toBe("Mine");
  ask.mockResolvedValueOnce(view({ title: "Mine", year: "2019", place: "New York" }, "3"));
  editor.choose("title", true);
  await vi.waitFor(() => expect(editor.changed).toEqual([]));
  expect(sent().at(-1)).toMatchObject({ updated: "2", fields: { title: "Mine", year: "2019" } });
});

test("nothing changes under somebody's fingers; the field shows what was kept once it is left", async () => {
  const editor = await loaded();
  editor.focus = "title";
  editor.draft.title = "Moon ";
  ask.mockResolvedValueOnce(view({ title: "Moon" }, "2"));
  await editor.save();
  expect(editor.draft.title).toBe("Moon ");
  expect(editor.changed).toEqual([]);
  editor.leave("title");
  expect(editor.draft.title).toBe("Moon");
});

test("a remark is about what was saved, not about what is being typed", async () => {
  const editor = new Editor("t");
  ask.mockResolvedValueOnce(view({ isbn: ["1"] }, "1", [{ field: "isbn.0", code: "wrong_isbn", message: "A wrong digit." }]));
  await editor.load();
  expect(editor.said("isbn.0")).toBe("A wrong digit.");
  editor.draft.isbn = ["2"];
  expect(editor.said("isbn.0")).toBe("");
});

test.each([
  ["‡a Moon ‡v Fiction.", [{ code: "a", value: "Moon" }, { code: "v", value: "Fiction." }]],
  ["$a Moon $v Fiction", [{ code: "a", value: "Moon" }, { code: "v", value: "Fiction" }]],
  ["‡c $3.95", [{ code: "c", value: "$3.95" }]],
  ["Moon", [{ code: "a", value: "Moon" }]],
  ["\u001faMoon\u001fvFiction", [{ code: "a", value: "Moon" }, { code: "v", value: "Fiction" }]],
  ["", []],
])("%s is parted into subfields", (text, subfields) => {
  expect(parted(text)).toEqual(subfields);
  if (text.startsWith("‡")) expect(written(subfields)).toBe(text);
});

test("blank indicators are typed in the ways people have", () => {
  expect([" 1", "_1", "#1", "10", "1"].map(indicators)).toEqual(["␣1", "␣1", "␣1", "10", "1"]);
});

test("a row that was not touched is sent with every blank of it, and an unfinished one holds the rest up", async () => {
  const marc = new Marc("t", "sitting", () => {});
  const fields = [
    { tag: "010", ind1: " ", ind2: " ", subfields: [{ code: "a", value: "   00000009 " }], means: "" },
    { tag: "245", ind1: "1", ind2: "0", subfields: [{ code: "a", value: "Moon /" }], means: "Title" },
  ];
  ask.mockResolvedValueOnce({ updated: "1", leader: "l", fields, problems: [], versions: 1 });
  await marc.load();
  const key = marc.add(marc.rows[1]);
  const row = marc.rows.find((one) => one.key === key)!;
  row.tag = "50";
  row.text = "‡a Note";
  await marc.save();
  expect(sent()).toEqual([]);
  row.tag = "500";
  ask.mockResolvedValueOnce({ updated: "2", leader: "l", fields: [...fields, { tag: "500", ind1: " ", ind2: " ", subfields: [{ code: "a", value: "Note" }], means: "Note" }], problems: [], versions: 2 });
  await marc.save();
  expect((sent()[0]!.fields as { subfields: unknown }[]).map(({ subfields }) => subfields)).toEqual([fields[0]!.subfields, fields[1]!.subfields, [{ code: "a", value: "Note" }]]);
  expect(marc.rows.map(({ means }) => means)).toEqual(["", "Title", "Note"]);
});

test("a record that somebody else saved is put beside what was typed", async () => {
  const marc = new Marc("t", "sitting", () => {});
  const record = (title: string, updated: string) => ({ updated, leader: "l", fields: [{ tag: "245", ind1: "1", ind2: "0", subfields: [{ code: "a", value: title }], means: "" }], problems: [], versions: 1 });
  ask.mockResolvedValueOnce(record("Moon", "1"));
  await marc.load();
  marc.rows[0]!.text = "‡a Mine";
  ask.mockRejectedValueOnce(no(409, "changed", "", { current: view() })).mockResolvedValueOnce(record("Theirs", "2"));
  await marc.save();
  expect(marc.differences).toEqual([{ tag: "245", was: "10 ‡a Theirs", is: "10 ‡a Mine" }]);
  ask.mockResolvedValueOnce(record("Mine", "3"));
  marc.choose(true);
  await vi.waitFor(() => expect(marc.updated).toBe("3"));
  expect(sent().at(-1)).toMatchObject({ updated: "2" });
});
