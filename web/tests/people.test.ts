import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Families } from "../staff/people/families.svelte";
import { Form, formOf, release } from "../staff/people/form.svelte";
import { gradesBetween } from "../staff/people/grades";
import { Ledger } from "../staff/people/ledger.svelte";
import { Printing } from "../staff/people/printing.svelte";
import { Students } from "../staff/people/students.svelte";
import { keyOf, type Person } from "../staff/people/types";
import { readVisits, unfit, writeVisits } from "../staff/people/visits";

type Call = { method: string; path: string; body: Record<string, unknown> };

let calls: Call[];
let answer: (call: Call) => { status: number; data: unknown };

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: typeof init.body === "string" ? JSON.parse(init.body) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const person = (over: Partial<Person> = {}): Person => ({ id: "p1", barcode: "100", name: "Ana Díaz", first_name: "Ana", last_name: "Díaz", grade: "4", homeroom: "4B", homeroom_id: "h1", type: "student", type_code: "student", status: "active", say_name: "", reads: "", note: "", updated: "1", ...over });
const changed = (current: Person) => ({ status: 409, data: { message: "Somebody saved.", data: { code: "changed", current } } });

describe("a form about a person", () => {
  let form: Form;
  beforeEach(() => {
    form = new Form("100");
    form.meet(person());
  });

  test("sends only what was changed, and from when", async () => {
    answer = ({ body }) => ({ status: 200, data: { patron: person({ say_name: String(body.say_name), updated: "2" }) } });
    form.draft.say_name = " AH-na ";
    await form.save();
    expect(calls).toMatchObject([{ method: "PATCH", path: "patrons/100", body: { say_name: "AH-na", updated: "1" } }]);
    expect(Object.keys(calls[0]!.body)).toEqual(["say_name", "updated"]);
    expect(form.changed).toEqual([]);
  });

  test("joins what somebody else saved in other fields, and sends it once more", async () => {
    answer = ({ body }) => (body.updated === "1" ? changed(person({ reads: "Farsi", updated: "2" })) : { status: 200, data: { patron: person({ reads: "Farsi", say_name: "AH-na", updated: "3" }) } });
    form.draft.say_name = "AH-na";
    expect(await form.save()).not.toBeNull();
    expect(calls.map(({ body }) => body)).toEqual([{ say_name: "AH-na", updated: "1" }, { say_name: "AH-na", updated: "2" }]);
    expect(form.draft.reads).toBe("Farsi");
  });

  test("shows both where two wrote in one field, and saves what is chosen", async () => {
    answer = ({ body }) => (body.updated === "1" ? changed(person({ note: "theirs", reads: "Farsi", updated: "2" })) : { status: 200, data: { patron: person({ note: String(body.note ?? "theirs"), updated: "3" }) } });
    form.draft.note = "mine";
    expect(await form.save()).toBeNull();
    expect(form.conflicts).toEqual([{ name: "note", theirs: "theirs", mine: "mine" }]);
    expect([form.draft.note, form.draft.reads]).toEqual(["mine", "Farsi"]);
    form.take("note");
    expect([form.draft.note, form.conflicts, form.changed]).toEqual(["theirs", [], []]);
    form.draft.note = "both";
    await form.save();
    expect(calls.at(-1)?.body).toEqual({ note: "both", updated: "2" });
  });

  test("loses nothing to a refusal, to nobody answering, or to news of the person", async () => {
    form.draft.barcode = "200";
    answer = () => ({ status: 400, data: { message: "Taken.", data: { field: "barcode" } } });
    await form.save();
    expect([form.trouble, form.field, form.draft.barcode]).toEqual(["Taken.", "barcode", "200"]);
    answer = () => ({ status: 503, data: null });
    await form.save();
    form.meet(person({ first_name: "Anna", updated: "9" }));
    expect([form.draft.barcode, form.draft.first_name]).toEqual(["200", "Ana"]);
    form.discard();
    form.meet(person({ first_name: "Anna", updated: "9" }));
    expect(form.draft.first_name).toBe("Anna");
  });

  test("is kept for later only with something unsaved in it", () => {
    const one = formOf("7");
    release(one);
    expect(formOf("7")).not.toBe(one);
    const two = formOf("7");
    two.draft.note = "x";
    release(two);
    expect(formOf("7")).toBe(two);
  });
});

describe("the list of students", () => {
  const page = { status: 200, data: { items: [], totalItems: 0 } };

  test("asks once for what was typed in one go", async () => {
    answer = () => page;
    const students = new Students(new URLSearchParams());
    for (const q of ["d", "di", "día"]) students.type(q);
    await vi.advanceTimersByTimeAsync(500);
    expect(calls.map(({ path }) => path)).toEqual([`patrons?q=${encodeURIComponent("día")}&page=1&perPage=100`]);
  });

  test("is an address and comes back from it; nonsense in one is passed over", () => {
    const query = new URLSearchParams("q=diaz&homeroom=h1&grade=4&only=late&status=left&sort=grade");
    expect(new Students(query).query.toString()).toBe(query.toString());
    expect(new Students(new URLSearchParams("only=rich&sort=shoe&status=all")).query.toString()).toBe("");
  });

  test("tells what a scan was that opened nobody, and finds who has no barcode", async () => {
    const students = new Students(new URLSearchParams());
    answer = () => ({ status: 200, data: { kind: "item" } });
    expect([await students.scan("B1"), students.trouble.includes("B1")]).toEqual([null, true]);
    answer = ({ path }) => ({ status: 200, data: path.startsWith("resolve") ? { kind: "patron", barcode: "" } : { patron: person({ barcode: "" }) } });
    expect(await students.scan("carrel:p:x")).toBe("p1");
    expect([keyOf({ barcode: "5", id: "x" }), keyOf({ barcode: "", id: "x" })]).toEqual(["5", "x"]);
  });
});

describe("hours of a class", () => {
  test.each([
    ["tue 09:00-09:45; A 13:10-13:55", "tue, A", [{ day: "tue", from: "09:00", until: "09:45" }, { day: "A", from: "13:10", until: "13:55" }]],
    ["", "tue, thu", [{ day: "tue", from: "", until: "" }, { day: "thu", from: "", until: "" }]],
    ["", "", []],
  ])("%j and %j are read", (visits, days, want) => expect(readVisits(visits, days)).toEqual(want));

  test.each([
    [[{ day: "tue", from: "09:00", until: "09:45" }], [{ visits: "tue 09:00-09:45" }], null],
    [[{ day: "tue", from: "", until: "" }, { day: "thu", from: "", until: "" }], [{ visits: "" }, { library_days: "tue, thu" }], null],
    [[], [{ visits: "" }], null],
    [[{ day: "tue", from: "10:00", until: "09:45" }], null, "order"],
    [[{ day: "tue", from: "10:00", until: "10:40" }, { day: "thu", from: "", until: "" }], null, "mixed"],
    [[{ day: "tue", from: "10:00", until: "" }], null, "mixed"],
  ] as const)("%j are written", (visits, want, fault) => {
    expect(unfit(visits)).toBe(fault);
    if (want) expect(writeVisits(visits)).toEqual(want);
  });
});

test("grades are those of the school, or all of them", () => {
  expect(gradesBetween("K", "2")).toEqual(["K", "1", "2"]);
  expect([gradesBetween("", "").length, gradesBetween("5", "K").length]).toEqual([14, 14]);
});

test("paper for a class is asked for with its sheet; other paper has none", () => {
  const printing = new Printing();
  Object.assign(printing, { sheet: "avery-5371", skip: 3, bars: "code39", picture: true });
  expect(printing.path("h1")).toBe("cards.pdf?homeroom=h1&sheet=avery-5371&skip=3&bars=code39&picture=1");
  printing.what = "markers";
  expect(printing.path("")).toBe("markers.pdf");
});

test("a payment without an answer is the same act when it is sent again; a refused one is not", async () => {
  const ledger = new Ledger("100");
  ledger.amount = "4.50";
  for (const status of [503, 400, 200]) {
    answer = () => ({ status, data: { fees: [], owed: "0.00", message: "no", data: { field: "amount" } } });
    await ledger.send();
  }
  const keys = calls.map(({ body }) => body.key);
  expect([keys[0] === keys[1], keys[1] === keys[2], ledger.amount]).toEqual([true, false, ""]);
  expect(calls[0]).toMatchObject({ path: "settlements", body: { patron: "100", kind: "pay", amount: "4.50" } });
});

test("a file of forms is looked at before it counts, and stays when it is refused", async () => {
  const families = new Families();
  answer = ({ path }) => ({ status: 200, data: path.startsWith("restrictions/import") ? { read: 2, added: 1, unchanged: 0, rejected: [], warnings: [] } : { patrons: [] } });
  await families.look(new File(["x"], "forms.csv"));
  expect([calls[0]?.path, families.forms?.added]).toEqual(["restrictions/import?file=forms.csv&dry_run=1", 1]);
  await families.apply();
  expect([calls[1]?.path, families.file]).toEqual(["restrictions/import?file=forms.csv", null]);
  answer = () => ({ status: 400, data: { message: "No forms." } });
  await families.look(new File(["x"], "letter.csv"));
  expect([families.fileTrouble, families.file?.name]).toEqual(["No forms.", "letter.csv"]);
});
