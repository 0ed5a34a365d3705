import { beforeEach, expect, test, vi } from "vitest";
import { Refused } from "../staff/api";
import { Autosave } from "../staff/teaching/autosave.svelte";

type Note = { id: string; updated: string; title: string; goal: string; tags: string[] };
type Fields = Pick<Note, "title" | "goal" | "tags">;

let kept: Note;
let sent: Partial<Fields>[];
let gate: Promise<void> | null;
let away: boolean;

/** A server that tidies titles, and refuses what was written on an older one. */
async function send(base: Note, fields: Partial<Fields>): Promise<Note> {
  sent.push(fields);
  await gate;
  if (away) throw new Refused(400, "No.", "invalid", "title", []);
  if (base.updated !== kept.updated) throw new Refused(409, "Changed.", "changed", "", [], { current: kept });
  kept = { ...kept, ...fields, updated: String(Number(kept.updated) + 1) };
  kept.title = kept.title.trim();
  return kept;
}
const opened = () => {
  const saving = new Autosave<Note, Fields>({ read: ({ title, goal, tags }) => ({ title, goal, tags }), send, loose: ["title"] });
  saving.take(kept);
  return saving;
};

beforeEach(() => {
  vi.useFakeTimers();
  kept = { id: "n", updated: "1", title: "A", goal: "G", tags: ["x"] };
  [sent, gate, away] = [[], null, false];
});

test("what is typed is sent once it rests, and only what changed", async () => {
  const saving = opened();
  saving.typed!.title = "A new";
  saving.later();
  saving.typed!.title = "A new title";
  saving.later();
  await vi.runAllTimersAsync();
  expect(sent).toEqual([{ title: "A new title" }]);
  expect([saving.dirty, saving.savedAt !== null]).toEqual([false, true]);
});

test("a text the server tidied stays as it is typed, and is not sent for ever", async () => {
  const saving = opened();
  saving.typed!.title = "A ";
  await saving.save();
  await vi.runAllTimersAsync();
  expect([saving.typed!.title, saving.dirty, sent.length]).toEqual(["A ", false, 1]);
});

test("what is typed while it is on its way is sent after it", async () => {
  const saving = opened();
  let go = () => {};
  gate = new Promise((resolve) => (go = resolve));
  saving.typed!.goal = "one";
  const first = saving.save();
  await vi.advanceTimersByTimeAsync(0);
  saving.typed!.goal = "one two";
  go();
  gate = null;
  await first;
  await vi.runAllTimersAsync();
  expect(sent).toEqual([{ goal: "one" }, { goal: "one two" }]);
  expect(kept.goal).toBe("one two");
});

test("each save is taken back, the last first", async () => {
  const saving = opened();
  saving.typed!.goal = "one";
  await saving.save();
  saving.typed!.tags = ["x", "y"];
  await saving.save();
  await saving.undo();
  expect([kept.goal, kept.tags]).toEqual(["one", ["x"]]);
  await saving.undo();
  expect([kept.goal, saving.undoable]).toEqual(["G", false]);
});

test("two people in different fields: both stay", async () => {
  const saving = opened();
  kept = { ...kept, title: "Theirs", updated: "2" };
  saving.typed!.goal = "Mine";
  await saving.save();
  await vi.runAllTimersAsync();
  expect(kept).toMatchObject({ title: "Theirs", goal: "Mine" });
  expect([saving.typed!.title, saving.theirs, saving.attempt.text]).toEqual(["Theirs", null, ""]);
});

test.each([["keep", "Mine"], ["take", "Theirs"]])("two people in the same field: %s", async (choice, goal) => {
  const saving = opened();
  kept = { ...kept, goal: "Theirs", updated: "2" };
  saving.typed!.goal = "Mine";
  expect(await saving.save()).toBe(false);
  expect([saving.theirs?.goal, saving.typed!.goal]).toEqual(["Theirs", "Mine"]);
  saving.later();
  await vi.runAllTimersAsync();
  expect(kept.goal).toBe("Theirs");
  if (choice === "keep") await saving.insist();
  else saving.give();
  expect([kept.goal, saving.typed!.goal, saving.theirs]).toEqual([goal, goal, null]);
});

test("refused, it stays typed; left, it is there when one comes back", async () => {
  const saving = opened();
  away = true;
  saving.typed!.title = "";
  expect(await saving.save()).toBe(false);
  expect([saving.typed!.title, saving.attempt.at("title")]).toEqual(["", "No."]);
  saving.leave();
  await vi.runAllTimersAsync();
  away = false;
  const back = opened();
  expect(back.typed!.title).toBe("");
  expect(opened().typed!.title).toBe("A");
});

test("what comes in while something is typed leaves that alone", () => {
  const saving = opened();
  saving.typed!.goal = "Mine";
  saving.take({ ...kept, title: "New", updated: "2" });
  expect(saving.typed).toMatchObject({ goal: "Mine", title: "New" });
});
