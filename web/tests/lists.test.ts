import { afterEach, beforeEach, expect, test, vi } from "vitest";

const asked: { path: string; method: string; body: unknown }[] = [];
let answer: (path: string, method: string, body: never) => unknown;
vi.mock("../staff/api", async (original) => ({
  ...(await original<object>()),
  ask: (path: string, { method = "GET", body }: { method?: string; body?: never } = {}) => {
    asked.push({ path, method, body });
    return Promise.resolve().then(() => answer(path, method, body as never));
  },
}));
const undos: (() => void)[] = [];
vi.mock("../staff/toasts.svelte", () => ({ toasts: { say: (_: string, undo?: () => void) => undo && undos.push(undo) } }));

const { OpenList } = await import("../staff/lists/list.svelte");
const { moved, onShow } = await import("../staff/lists/types");
const { Refused } = await import("../staff/api");

const title = (id: string) => ({ id, title: id.toUpperCase(), author: "", call_number: "", year: 0, type: "book", items: 1, available: 1 });
const list = { id: "l", name: "L", name_es: "", note: "", note_es: "", kind: "display", icon: "", shown: true, from: "", until: "", position: 1, search: "", titles: 3, updated: "1" } as const;
const settled = () => new Promise((resolve) => setTimeout(resolve));
const ids = (open: InstanceType<typeof OpenList>) => open.titles.map(({ id }) => id).join("");

beforeEach(() => {
  asked.length = undos.length = 0;
  answer = (path) => (path === "lists/l" ? { list, titles: ["a", "b", "c"].map(title) } : { list });
});
afterEach(() => vi.clearAllMocks());

async function opened() {
  const open = new OpenList("l");
  await open.load();
  return open;
}

test("an entry of an order moves to its place", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], 1, 99)).toEqual(["a", "c", "b"]);
});

test("a list is on show on its days", () => {
  const days = { shown: true, from: "2026-11-01", until: "2026-11-30" };
  expect(["2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01"].map((day) => onShow(days, day))).toEqual([false, true, true, false]);
  expect(onShow({ ...days, shown: false }, "2026-11-02")).toBe(false);
});

test("titles scanned one after the other are all kept, in order", async () => {
  const open = await opened();
  await Promise.all([open.add(title("d")), open.add(title("e")), open.add(title("d"))]);
  expect(ids(open)).toBe("abcde");
  expect(asked.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([{ add: ["d"] }, { add: ["e"] }]);
  expect(open.said?.tone).toBe("warn");
});

test("what the server refuses goes back to what it was", async () => {
  const open = await opened();
  answer = () => {
    throw new Refused(400, "no", "invalid", "add", []);
  };
  await open.move(0, 2);
  expect(ids(open)).toBe("abc");
  expect(open.attempt.text).toBe("no");
});

test("undo of a title taken out leaves what came since", async () => {
  const open = await opened();
  await open.remove(title("b"));
  await open.add(title("d"));
  undos[0]!();
  await settled();
  expect(ids(open)).toBe("abcd");
  expect(asked.at(-1)?.body).toEqual({ add: ["b"], order: ["a", "b", "c"] });
});

test("a list that somebody else saved is asked about, and what is typed wins only when one says so", async () => {
  const open = await opened();
  answer = (_, method, body: { updated: string }) => {
    if (method === "PATCH" && body.updated === "1") throw new Refused(409, "changed", "changed", "", [], { current: { ...list, name: "Theirs", updated: "2" } });
    return { list: { ...list, name: "Mine", updated: "3" }, titles: [] };
  };
  const draft = { ...list, name: "Mine" };
  expect(await open.save(draft)).toBe(false);
  expect(open.theirs?.name).toBe("Theirs");
  expect(await open.insist(draft)).toBe(true);
  expect(open.list?.name).toBe("Mine");
});
