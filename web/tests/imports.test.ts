import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Imports, isBusy } from "../staff/imports/imports.svelte";
import type { Import } from "../staff/imports/types";
import { applyName, megabytes, rowText, weight } from "../staff/imports/words";

type Call = { method: string; path: string; body: Record<string, unknown> };

let calls: Call[];
let answer: (call: Call) => { status: number; data: unknown };
let lines: Line[];

/** The browser's own request, as far as a file needs it: the test says when something arrives. */
class Line {
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = "";
  url = "";
  open = (_: string, url: string) => void (this.url = url);
  setRequestHeader = () => {};
  send = () => void lines.push(this);
  abort = () => this.onabort?.();
  arrive(status: number, data: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(data);
    this.onload?.();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  calls = [];
  lines = [];
  answer = () => ({ status: 200, data: { imports: [] } });
  vi.stubGlobal("XMLHttpRequest", Line);
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const call = { method: init.method ?? "GET", path: path.replace("/api/carrel/", ""), body: init.body ? JSON.parse(String(init.body)) : {} };
    calls.push(call);
    const { status, data } = answer(call);
    return new Response(JSON.stringify(data), { status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const made = (over: Partial<Import> = {}): Import => ({ id: "i1", kind: "roster", file: "a.csv", size: 3, state: "ready", by: "Dana", created: "2026-04-21 10:00:00Z", progress: { done: 0, total: 0 }, ...over });
const file = (name = "a.csv") => new File(["a,b"], name);
const settle = () => vi.advanceTimersByTimeAsync(0);

describe("a file on its way", () => {
  test("tells how much is away, and becomes an import", async () => {
    const imports = new Imports("roster");
    const sent = imports.send(file("klassen & mehr.csv"));
    await settle();
    expect(lines[0]!.url).toBe("/api/carrel/imports?kind=roster&file=klassen%20%26%20mehr.csv");
    lines[0]!.upload.onprogress!({ loaded: 2 });
    expect(imports.sending?.sent).toBe(2);
    lines[0]!.arrive(201, { import: made() });
    await sent;
    expect([imports.sending, imports.kept, imports.current?.id]).toEqual([null, null, "i1"]);
  });

  test("stays chosen when the line is cut, and is sent again as it was", async () => {
    const imports = new Imports("roster");
    const one = file();
    const sent = imports.send(one);
    await settle();
    lines[0]!.onerror!();
    await sent;
    expect([imports.lost, imports.kept, imports.sending]).toEqual([true, one, null]);
    imports.again();
    await settle();
    expect([lines.length, imports.lost, imports.sending?.file]).toEqual([2, false, one]);
  });

  test("counts as cut when nothing moves any more", async () => {
    const imports = new Imports("roster");
    const sent = imports.send(file());
    await vi.advanceTimersByTimeAsync(61_000);
    await sent;
    expect(imports.lost).toBe(true);
  });

  test("is given up without a word when it is cancelled", async () => {
    const imports = new Imports("roster");
    const sent = imports.send(file());
    await settle();
    imports.cancel();
    await sent;
    expect([imports.sending, imports.kept, imports.trouble, imports.lost]).toEqual([null, null, "", false]);
  });

  test("that is too large for the server is told by the server’s sentence", async () => {
    const imports = new Imports("roster");
    const sent = imports.send(file());
    await settle();
    lines[0]!.arrive(413, { message: "Too much.", data: { code: "too_large" } });
    await sent;
    expect([imports.trouble, imports.kept?.name, imports.sending]).toEqual(["Too much.", "a.csv", null]);
  });

  test("that is beyond the limit does not even leave", async () => {
    const imports = new Imports("titles");
    const huge = file("huge.mrc");
    Object.defineProperty(huge, "size", { value: 400 * 1024 * 1024 });
    await imports.send(huge);
    expect([lines.length, imports.trouble.includes("400 MB"), imports.kept?.name]).toEqual([0, true, "huge.mrc"]);
  });
});

describe("an import", () => {
  test("that is not finished is found again, and asked for while the server works", async () => {
    let state: Import["state"] = "running";
    answer = ({ path }) => ({ status: 200, data: path === "imports" ? { imports: [made({ kind: "titles", id: "t" }), made({ state })] } : { import: made({ state }) } });
    const imports = new Imports("roster");
    const stop = imports.watch();
    await settle();
    expect([imports.current?.id, imports.list?.length]).toEqual(["i1", 1]);
    state = "done";
    await vi.advanceTimersByTimeAsync(1000);
    expect(imports.current?.state).toBe("done");
    const asked = calls.length;
    await vi.advanceTimersByTimeAsync(5000);
    expect(calls.length).toBe(asked);
    stop();
  });

  test("takes two columns chosen at once, the second on top of the first", async () => {
    const columns = [{ name: "A", sample: [], field: "" }, { name: "A", sample: [], field: "" }];
    answer = ({ body }) => ({ status: 200, data: { import: made({ state: "reading", columns: body.columns as Import["columns"] }) } });
    const imports = new Imports("roster");
    imports.current = made({ columns });
    await Promise.all([imports.map(0, "barcode"), imports.map(1, "grade")]);
    expect(imports.current.columns?.map(({ field }) => field)).toEqual(["barcode", "grade"]);
  });

  test("is not shown older than what was changed since it was asked for", async () => {
    const columns = (field: string) => [{ name: "A", sample: [], field }];
    let late = (_: Response) => {};
    vi.stubGlobal("fetch", (_: string, init: RequestInit) =>
      init.method === "PUT" ? Promise.resolve(new Response(JSON.stringify({ import: made({ columns: columns("barcode") }) }))) : new Promise<Response>((resolve) => (late = resolve)),
    );
    const imports = new Imports("roster");
    imports.current = made({ columns: columns("") });
    const shown = imports.show("i1");
    await imports.map(0, "barcode");
    late(new Response(JSON.stringify({ import: made({ columns: columns("") }) })));
    await shown;
    expect(imports.current.columns).toEqual(columns("barcode"));
  });

  test("is applied again under its key when nobody answered, and under a new one later", async () => {
    const imports = new Imports("roster");
    imports.current = made();
    let status = 503;
    answer = ({ method, path }) => (method === "POST" ? { status, data: {} } : { status: 200, data: path === "imports" ? { imports: [] } : { import: made({ state: "stopped" }) } });
    await imports.apply();
    expect(imports.trouble).not.toBe("");
    status = 202;
    await imports.apply();
    await imports.apply();
    const keys = calls.filter(({ path }) => path === "imports/i1/apply").map(({ body }) => body.key);
    expect([keys[0] === keys[1], keys[1] === keys[2], imports.current.state]).toEqual([true, false, "stopped"]);
  });

  test("that was not applied is thrown away when another file is wanted; one that was is kept", async () => {
    const imports = new Imports("roster");
    for (const state of ["ready", "done"] as const) {
      imports.current = made({ state, id: state });
      await imports.leave();
    }
    expect(calls.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual(["imports/ready"]);
  });

  test("is busy only while the server works on it", () => {
    expect((["reading", "ready", "running", "done", "stopped", "undoing", "undone", "unreadable"] as const).filter((state) => isBusy(made({ state })))).toEqual(["reading", "running", "undoing"]);
  });
});

describe("words of an import", () => {
  const counts = (added: number, updated = 0, skipped = 0, left = 0) => ({ added, updated, skipped, left });

  test.each([
    ["roster", { patrons: counts(508) }, "Add 508 students"],
    ["roster", { patrons: counts(0, 1) }, "Update 1 student"],
    ["titles", { titles: counts(9204), items: counts(11_860) }, "Add 11,860 copies"],
    ["titles", { titles: counts(2), items: counts(0) }, "Add 2 titles"],
    ["titles", { titles: counts(0, 3), items: counts(0, 4) }, "Change 7 titles"],
    ["pictures", { matched: 1 }, "Add 1 photo"],
    ["turnover", { promote: [{ from: "K", to: "1", n: 20 }], leave: 3 }, "Move 23 students"],
  ] as const)("the button of %s %j says its result", (kind, preview, want) => {
    expect(applyName(made({ kind, preview: preview as unknown as Import["preview"] }))).toBe(want);
  });

  test("nothing to do weighs nothing", () => {
    expect([weight({ patrons: counts(0, 0, 500) }), weight({ patrons: counts(0, 0, 0, 2) }), weight({})]).toEqual([0, 2, 0]);
  });

  test("a row says where it is", () => {
    expect([rowText({ record: 7, column: "Grade", code: "x", message: "purple" }), rowText({ record: 0, code: "x", message: "no names" })]).toEqual(["Row 7, Grade: purple", "no names"]);
    expect(megabytes(1_600_000)).toBe("1.5 MB");
  });
});
