import { beforeEach, describe, expect, test, vi } from "vitest";

const asked: { path: string; method: string; body: Record<string, unknown> }[] = [];
let answer: (path: string, method: string, body: Record<string, unknown>) => unknown;
vi.mock("../staff/api", async (original) => ({
  ...(await original<object>()),
  ask: (path: string, { method = "GET", body = {} }: { method?: string; body?: Record<string, unknown> } = {}) => {
    asked.push({ path, method, body });
    return Promise.resolve().then(() => answer(path, method, body));
  },
}));
const said: { text: string; undo?: () => void }[] = [];
vi.mock("../staff/toasts.svelte", () => ({ toasts: { say: (text: string, undo?: () => void) => said.push({ text, undo }) } }));
const globals = globalThis as { localStorage?: unknown };
globals.localStorage ??= { getItem: () => null, setItem: () => {}, removeItem: () => {} };

const { brief, decimals, money, readAmount, short, typed } = await import("../staff/budget/money");
const { monthsOf, pace, points, ticks } = await import("../staff/budget/chart");
const { Deed } = await import("../staff/budget/deed.svelte");
const { Move } = await import("../staff/budget/moves.svelte");
const { grantsOf } = await import("../staff/budget/grants.svelte");
const { following } = await import("../staff/budget/years.svelte");
const { Refused } = await import("../staff/api");

beforeEach(() => {
  asked.length = said.length = 0;
  answer = () => ({});
});

describe("amounts", () => {
  test.each([
    ["12", 1200], ["12.5", 1250], ["12.50", 1250], ["12,50", 1250], ["$1,228", 122800], ["$ 1,228.40", 122840], ["1.234,50 €", 123450], [".5", 50], ["0", 0], ["USD 12", 1200], ["1 228", 122800], ["19.99", 1999], ["1000000", 100_000_000],
    ["", null], ["twelve", null], ["1.234", null], ["12.505", null], ["-5", null], ["1e3", null], ["1,23,4", null], ["1000000.01", null], ["999999999999", null], ["<b>1</b>", null], ["$", null], ["1,228,", null], ["0x10", null], ["Infinity", null],
  ])("%s", (text, cents) => expect(readAmount(text, "USD")).toBe(cents));

  test.each([["1228", 1228], ["1,228", 1228], ["1.228", 1228], ["¥500", 500], ["12.50", null], ["12,5", null]])("%s of a currency without cents", (text, units) => expect(readAmount(text, "JPY")).toBe(units));

  test("a correction may be less", () => {
    expect(readAmount("-12.50", "USD", true)).toBe(-1250);
    expect(readAmount("−3", "USD", true)).toBe(-300);
  });

  test("are written for columns, for a glance, and for a field, and read back as they were", () => {
    expect([money(101000, "USD"), brief(296200, "USD"), brief(41260, "USD"), money(500, "JPY"), brief(0, "USD")]).toEqual(["$1,010.00", "$2,962", "$412.60", "¥500", "$0"]);
    expect([decimals("JPY"), decimals("USD"), decimals("no currency")]).toEqual([0, 2, 2]);
    expect([short(200000, "USD"), short(50000, "USD"), short(250000, "USD")]).toEqual(["2k", "500", "2.5k"]);
    for (const currency of ["USD", "JPY", "EUR"]) for (const cents of [0, 1, 9, 10, 99, 100, 12345, -1, -250]) expect(readAmount(typed(cents, currency), currency, true)).toBe(cents);
  });
});

describe("the drawing of a year", () => {
  const year = { starts: "2025-07-01", ends: "2026-06-30" };
  test("has its months, an axis of few round steps, and points on the line", () => {
    expect(monthsOf(year)).toHaveLength(12);
    expect(monthsOf(year).at(-1)).toBe("2026-06");
    expect(monthsOf({ starts: "2026-02-01", ends: "2026-01-01" })).toEqual([]);
    expect(ticks(860000)).toEqual([0, 200000, 400000, 600000, 800000]);
    expect(ticks(0)).toEqual([0]);
    for (const most of [1, 7, 99, 12_345, 999_999]) expect(ticks(most).length).toBeLessThanOrEqual(6);
    const line = points(monthsOf(year), [{ month: "2025-07", spent: 0 }, { month: "2025-08", spent: 430000 }, { month: "1999-01", spent: 1 }], 860000);
    expect(line.map(({ y }) => y)).toEqual([150, 83]);
    expect(pace(860000, 12, 12)).toBe(860000);
  });
});

describe("an act about money", () => {
  const short = (body: Record<string, unknown>) => {
    if (!body.override) throw new Refused(409, "School budget would be $5.00 short.", "fund_short", "fund", []);
    return {};
  };

  test("that finds a fund short asks, and goes on with a reason under another key", async () => {
    answer = (_path, _method, body) => short(body);
    const deed = new Deed();
    const done = vi.fn();
    expect(await deed.send("budget/transfers", { amount: 500 }, done)).toBe(false);
    expect(deed.question).toEqual({ kind: "short", text: "School budget would be $5.00 short." });
    expect(await deed.goOn("It comes tomorrow")).toBe(true);
    expect(asked[1]!.body).toMatchObject({ amount: 500, override: true, reason: "It comes tomorrow" });
    expect(done).toHaveBeenCalledWith({}, asked[1]!.body.key);
    expect(deed.question).toBeNull();
  });

  test("asks twice when there are two questions, and keeps the first answer", async () => {
    answer = (_path, _method, body) => {
      if (!body.accept) throw new Refused(409, "differs", "invoice_differs", "amount", []);
      return short(body);
    };
    const deed = new Deed();
    await deed.send("budget/orders/o/invoices", {}, () => {});
    expect(deed.question?.kind).toBe("differs");
    await deed.goOn();
    expect(deed.question?.kind).toBe("short");
    expect(await deed.goOn("yes")).toBe(true);
    expect(asked.at(-1)!.body).toMatchObject({ accept: true, override: true, reason: "yes" });
  });

  test("that got no answer keeps its key, for it may be done", async () => {
    answer = () => {
      throw new TypeError("no network");
    };
    const deed = new Deed();
    await deed.send("budget/allocations", {}, () => {});
    answer = () => ({});
    await deed.send("budget/allocations", {}, () => {});
    await deed.send("budget/allocations", {}, () => {});
    const keys = asked.map(({ body }) => body.key);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  test("left alone does nothing", async () => {
    answer = (_path, _method, body) => short(body);
    const deed = new Deed();
    await deed.send("budget/transfers", {}, () => {});
    deed.leave();
    expect(await deed.goOn("late")).toBe(false);
    expect(asked).toHaveLength(1);
  });
});

describe("money on its way", () => {
  test.each([["words", "amount"], ["0", "amount"], ["", "amount"], ["-5", "amount"]])("an amount of %j is said at its field and not sent", async (amount, field) => {
    const move = new Move({ id: "f", name: "F" }, "allocate");
    move.amount = amount;
    expect(await move.send()).toBe(false);
    expect(move.deed.attempt.field).toBe(field);
    expect(asked).toEqual([]);
  });

  test("a correction needs its reason, a transfer its fund", async () => {
    const adjust = new Move({ id: "f", name: "F" }, "adjust");
    adjust.amount = "-5";
    await adjust.send();
    expect(adjust.deed.attempt.field).toBe("reason");
    const transfer = new Move({ id: "f", name: "F" }, "transfer");
    transfer.amount = "5";
    await transfer.send();
    expect(transfer.deed.attempt.field).toBe("to");
  });

  test("is said with its undo", async () => {
    const move = new Move({ id: "f", name: "PTA gift" }, "allocate");
    move.amount = "1,228";
    answer = (path) => (path === "budget" ? { years: [], year: "", funds: [] } : {});
    expect(await move.send()).toBe(true);
    expect(asked[0]).toMatchObject({ path: "budget/allocations", body: { fund: "f", amount: 122800 } });
    said[0]!.undo!();
    await vi.waitFor(() => expect(asked.some(({ path, body }) => path === "budget/undo" && body.act === asked[0]!.body.key)).toBe(true));
  });
});

test("the grant that ends first stands first", () => {
  const fund = (id: string, kind: string, more = {}) => ({ id, kind, report_by: "", spend_by: "", position: 1, ...more }) as never;
  expect(grantsOf([fund("a", "gift"), fund("b", "grant"), fund("c", "grant", { report_by: "2026-06-12" }), fund("d", "grant", { spend_by: "2026-05-01" })]).map(({ id }: { id: string }) => id)).toEqual(["d", "c", "b"]);
});

test("a year is followed by the next one", () => {
  expect(following({ id: "y", name: "2025–26", starts: "2025-07-01", ends: "2026-06-30", closed: false }, "2026-04-14")).toEqual({ name: "2026–27", starts: "2026-07-01", ends: "2027-06-30" });
  expect(following(undefined, "2026-04-14")).toEqual({ name: "2025–26", starts: "2025-07-01", ends: "2026-06-30" });
  expect(following({ id: "y", name: "2024", starts: "2024-01-01", ends: "2024-12-31", closed: false }, "2024-05-01").name).toBe("2025");
});

const { Draft, wholeNumber } = await import("../staff/budget/draft.svelte");
const { Receiving, barcodesOf } = await import("../staff/budget/receive.svelte");
const { isbnOf, sameIsbn } = await import("../staff/budget/isbn");
const { readPercent, typedPercent } = await import("../staff/budget/vendors.svelte");
const { InvoiceForm, OpenOrder, mayInvoice, mayReceive, maySteps } = await import("../staff/budget/order.svelte");

const line = (id: string, more = {}) => ({ id, fund: { id: "f", name: "F" }, title: null, name: id, isbn: "", pieces: 3, price: 1250, total: 3750, received: 0, spent: 0, encumbered: 0, request: "", items: 0, ...more });
const order = (more = {}) => ({
  id: "o", updated: "1", year: "y", vendor: { id: "v", name: "V" }, number: "26-0001", name: "", state: "draft", late: false, waits: "", discount: 0, shipping: 0, tax: 0, total: 3750, spent: 0, encumbered: 0, note: "",
  standing: "", expected: "", approved_at: "", approved_by: "", sent_at: "", age: 0, pieces: 3, received: 0, lines: [line("l")], invoices: [], acts: [], ...more,
}) as never;

describe("an ISBN", () => {
  test("is known by its shape, and as ten or thirteen digits", () => {
    expect(["978-0-06-440055-8", "0064400557", "064400557X", "4006381333931", "charlotte", "97800644"].map(isbnOf)).toEqual(["9780064400558", "0064400557", "064400557X", "", "", ""]);
    expect(sameIsbn("9780064400558", "0-06-440055-7")).toBe(true);
    expect(sameIsbn("9790064400558", "0064400557")).toBe(false);
    expect(sameIsbn("", "")).toBe(false);
  });
});

describe("a draft", () => {
  test("adds up in whole cents, with discount, shipping and tax", () => {
    const draft = new Draft(null);
    for (let i = 0; i < 3; i++) draft.addWords(`Book ${i}`).price = "0.10";
    draft.lines[0]!.price = "19.99";
    draft.lines[0]!.pieces = "3";
    [draft.discount, draft.shipping, draft.tax] = ["$1", "4,50", "nonsense"];
    expect(draft.net).toBe(5997 + 20);
    expect(draft.total).toBe(6017 - 100 + 450);
    draft.discount = "1,000";
    expect(draft.total).toBe(450);
    expect(draft.usualDiscount({ discount: 1250 })).toBe(752);
  });

  test("a book scanned again is ordered once more", () => {
    const draft = new Draft(null);
    draft.addIsbn("9780064400558");
    draft.addIsbn("0064400557");
    const title = { id: "t", title: "T", author: "", isbn: "" };
    draft.addTitle(title);
    draft.addTitle(title);
    expect(draft.lines.map(({ pieces }) => pieces)).toEqual(["2", "2"]);
  });

  test.each([
    [(d: InstanceType<typeof Draft>) => (d.vendor = ""), "vendor"],
    [(d: InstanceType<typeof Draft>) => (d.shipping = "1e3"), "shipping"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.price = ""), "lines.0.price"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.price = "twelve"), "lines.0.price"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.pieces = "0"), "lines.0.pieces"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.pieces = "1.5"), "lines.0.pieces"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.name = " "), "lines.0.name"],
    [(d: InstanceType<typeof Draft>) => (d.lines[0]!.fund = ""), "lines.0.fund"],
  ])("names the first thing that cannot be sent, %#", async (spoil, field) => {
    const draft = new Draft(order());
    spoil(draft);
    expect(await draft.save()).toBeNull();
    expect(draft.deed.attempt.field).toBe(field);
    expect(asked).toEqual([]);
  });

  test("that somebody else saved is shown beside, and goes over it only when one says so", async () => {
    const draft = new Draft(order());
    answer = (_path, _method, body) => {
      if (body.updated === "1") throw new Refused(409, "changed", "changed", "", [], { current: order({ updated: "2", name: "Theirs" }) });
      return { order: order({ updated: "3", name: "Mine" }) };
    };
    draft.name = "Mine";
    expect(await draft.save()).toBeNull();
    expect(draft.theirs).toMatchObject({ name: "Theirs" });
    expect(draft.name).toBe("Mine");
    expect(await draft.keepMine()).toMatchObject({ updated: "3" });
    expect(asked.at(-1)).toMatchObject({ method: "PUT", body: { updated: "2", name: "Mine" } });
  });

  test("goes with whole cents, and lines keep their ids", async () => {
    const draft = new Draft(order());
    answer = () => ({ order: order() });
    draft.addWords("New one").price = "$1,228";
    draft.fund = "f";
    draft.lines[1]!.fund = "f";
    await draft.save();
    expect(asked[0]!.body.lines).toEqual([expect.objectContaining({ id: "l", price: 1250, pieces: 3 }), expect.objectContaining({ name: "New one", price: 122800, pieces: 1 })]);
    expect(asked[0]!.body.lines).not.toContainEqual(expect.objectContaining({ id: "" }));
  });
});

describe("unpacking", () => {
  const box = () => new Receiving(order({ state: "sent", lines: [line("a", { isbn: "9780064400558", title: { id: "t", title: "T" } }), line("b", { received: 1, isbn: "0306406152" }), line("c"), line("d", { received: 3 })] }));

  test("a scan counts its line, up to what is still to come, and a barcode goes with the copy before it", () => {
    const receiving = box();
    receiving.scan("30417000000001");
    expect(receiving.said?.tone).toBe("warn");
    for (const code of ["0064400557", "30417000000001", "30417000000001", "9780306406157", "9780306406157", "9780306406157", "9780140328721"]) receiving.scan(code);
    expect(receiving.pieces).toBe(3);
    expect(receiving.counts.a!.barcodes).toBe("30417000000001");
    expect(receiving.said?.tone).toBe("warn");
    expect(receiving.body()).toEqual({ pieces: { a: 1, b: 2 }, items: { a: { make: true, barcodes: ["30417000000001"] }, b: { make: true } } });
  });

  test("what is done already is not asked for; things without a title make no copies", () => {
    const receiving = box();
    receiving.all();
    expect(receiving.body().pieces).toEqual({ a: 3, b: 2, c: 3 });
    expect(receiving.body().items).toMatchObject({ c: { make: false } });
  });

  test.each([["4", "pieces.a"], ["x", "pieces.a"], ["-1", "pieces.a"], ["", "pieces"]])("%j pieces of three are said at %s and not sent", async (n, field) => {
    const receiving = box();
    receiving.counts.a!.n = n;
    expect(await receiving.send()).toBe(false);
    expect(receiving.deed.attempt.field).toBe(field);
    expect(asked).toEqual([]);
  });

  test("more barcodes than copies are asked about", () => {
    const receiving = box();
    Object.assign(receiving.counts.a!, { n: "1", barcodes: "1 2\n3" });
    expect(receiving.check()).toBe(false);
    expect(receiving.deed.attempt.field).toBe("items.a.barcodes");
    expect(barcodesOf(" 1, 2\n\n3;4 ")).toEqual(["1", "2", "3", "4"]);
  });
});

test("an order offers what its state allows", () => {
  expect(maySteps("draft")).toEqual(["approve", "cancel"]);
  expect(maySteps("cancelled")).toEqual([]);
  expect([mayReceive("sent"), mayReceive("draft"), mayInvoice("closed"), mayInvoice("approved")]).toEqual([true, false, true, false]);
});

test("an invoice proposes what came and is not billed, and wants its number", async () => {
  const open = new OpenOrder("o");
  open.take(order({ spent: 5000, invoices: [{ id: "i", number: "1", day: "", amount: 1250, note: "" }] }));
  const form = new InvoiceForm(open);
  expect(form.amount).toBe("37.50");
  expect(await form.save()).toBe(false);
  expect(form.attempt.field).toBe("number");
  form.number = "2";
  form.amount = "lots";
  expect(await form.save()).toBe(false);
  expect(form.attempt.field).toBe("amount");
  expect(asked).toEqual([]);
});

test("percents are hundredths", () => {
  expect(["15", "12.5", "12,25 %", "100", "101", "x", "1.234"].map(readPercent)).toEqual([1500, 1250, 1225, 10000, null, null, null]);
  expect([1500, 1250, 1225, 5, 0, 10000].map(typedPercent)).toEqual(["15", "12.5", "12.25", "0.05", "", "100"]);
  expect(["3", " 12 ", "1.5", "x", ""].map(wholeNumber)).toEqual([3, 12, null, null, null]);
});
