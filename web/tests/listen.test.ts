import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { listen } from "../shared/listen";

class Field extends EventTarget {
  value = "";
  constructor(readonly dataset: { scanBox?: string } = {}) {
    super();
  }
}

let page: EventTarget;
let codes: string[];
let stop: () => void;
let clock: number;

beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal("window", page);
  vi.stubGlobal("HTMLInputElement", Field);
  vi.stubGlobal("HTMLTextAreaElement", class {});
  codes = [];
  clock = 0;
  stop = listen((code) => codes.push(code));
});

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

/** Presses one key; true when the page was kept from seeing it. A field takes the letter, as a browser does. */
function press(key: string, pause: number, target: unknown = {}, more: object = {}): boolean {
  const event = new Event("keydown", { cancelable: true });
  const facts = { key, target, timeStamp: (clock += pause), ctrlKey: false, altKey: false, metaKey: false, isComposing: false, ...more };
  for (const [name, value] of Object.entries(facts)) Object.defineProperty(event, name, { value });
  page.dispatchEvent(event);
  if (target instanceof Field && key.length === 1 && !event.defaultPrevented) target.value += key;
  return event.defaultPrevented;
}

test("a scan is heard wherever the focus is, and its Enter presses no button", () => {
  for (const letter of "T32889") press(letter, 5);
  expect(press("Enter", 5)).toBe(true);
  expect(codes).toEqual(["T32889"]);
});

test("a blank inside a scan presses no button either", () => {
  press("P", 100);
  expect(press(" ", 5)).toBe(true);
});

test("a scan that ran into a note is taken out again", () => {
  const note = new Field();
  note.value = "Lost? ";
  for (const letter of "T32889") press(letter, 5, note);
  press("Enter", 5, note);
  expect(note.value).toBe("Lost? ");
  expect(codes).toEqual(["T32889"]);
});

test("a device that stalls in the middle of a scan loses nothing of it in the scan box", () => {
  const box = new Field({ scanBox: "" });
  for (const letter of "304120") press(letter, 5, box);
  press("0", 400, box);
  for (const letter of "0871") press(letter, 5, box);
  press("Enter", 5, box);
  expect([codes, box.value]).toEqual([["30412000871"], ""]);
});

test("a scan that begins with the focus nowhere and ends in the scan box is whole", () => {
  const box = new Field({ scanBox: "" });
  press("T", 5);
  box.value = "T";
  for (const letter of "32889") press(letter, 5, box);
  press("Enter", 5, box);
  expect([codes, box.value]).toEqual([["T32889"], ""]);
});

test("what was left in the scan box a while ago is no part of a scan", () => {
  const box = new Field({ scanBox: "" });
  box.value = "hatch";
  clock += 5000;
  for (const letter of "T32889") press(letter, 5, box);
  press("Enter", 5, box);
  expect([codes, box.value]).toEqual([["T32889"], ""]);
});

test("what fingers type stays, and Enter is theirs", () => {
  const note = new Field();
  for (const letter of "T32889") press(letter, 120, note);
  expect(press("Enter", 120, note)).toBe(false);
  expect(note.value).toBe("T32889");
  expect(codes).toEqual([]);
});

test("shortcuts are not letters of a scan", () => {
  for (const letter of "T3288") press(letter, 5);
  press("z", 5, {}, { ctrlKey: true });
  press("Enter", 5);
  expect(codes).toEqual(["T3288"]);
});

test("after stopping nothing is heard", () => {
  stop();
  for (const letter of "T32889") press(letter, 5);
  press("Enter", 5);
  expect(codes).toEqual([]);
});
