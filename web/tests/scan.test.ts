import { describe, expect, test } from "vitest";
import { isCard, Repeats, ScanReader, type Reading } from "../shared/scan";

/** Feeds a text key by key with the same pause before each, then the closing key. */
function type(reader: ScanReader, text: string, pause: number, end = "Enter", start = 1000): Reading {
  let at = start;
  for (const letter of text) reader.key(letter, (at += pause));
  return reader.key(end, at + pause);
}

describe("a scanner is told from fingers", () => {
  test.each([
    ["a scan that ends with Enter", "30412000871", 5, "Enter", { code: "30412000871" }],
    ["a scan that ends with Tab", "30412000871", 5, "Tab", { code: "30412000871" }],
    ["the slowest scanner allowed", "30412000871", 35, "Enter", { code: "30412000871" }],
    ["a quick typist", "30412000871", 36, "Enter", "typing"],
    ["three letters at once, as a key that chatters", "abc", 2, "Enter", "typing"],
    ["four letters, the shortest barcode", "T123", 2, "Enter", { code: "T123" }],
    ["leading zeros stay", "000123", 2, "Enter", { code: "000123" }],
    ["blanks around the code go, inside it they stay", " P 204417 ", 2, "Enter", { code: "P 204417" }],
    ["what the symbology adds is left to the server", "]C0T1234", 2, "Enter", { code: "]C0T1234" }],
  ])("%s", (_name, text, pause, end, want) => {
    expect(type(new ScanReader(), text as string, pause as number, end as string)).toEqual(want);
  });

  test("letters typed before a scan are not part of it", () => {
    const reader = new ScanReader();
    reader.key("x", 0);
    expect(type(reader, "30412000871", 5)).toEqual({ code: "30412000871" });
  });

  test("an Enter that comes late is a finger's", () => {
    const reader = new ScanReader();
    for (let i = 0; i < 8; i++) reader.key("7", i);
    expect(reader.key("Enter", 500)).toBe("typing");
  });

  test("Shift between the letters does not break a scan", () => {
    const reader = new ScanReader();
    let at = 0;
    for (const letter of "T3288") {
      reader.key("Shift", ++at);
      reader.key(letter, ++at);
    }
    expect(reader.key("Enter", ++at)).toEqual({ code: "T3288" });
  });

  test("a device that stalls in the middle of a scan does not cut it in two", () => {
    const reader = new ScanReader();
    type(reader, "", 0);
    let at = 5000;
    for (const letter of "304120") reader.key(letter, (at += 4));
    at += 120;
    for (const letter of "00871") reader.key(letter, (at += 4));
    expect(reader.key("Enter", at + 4)).toEqual({ code: "30412000871" });
  });

  test("two scans in a row are two codes", () => {
    const reader = new ScanReader();
    expect(type(reader, "1111", 5, "Enter", 0)).toEqual({ code: "1111" });
    expect(type(reader, "2222", 5, "Enter", 30)).toEqual({ code: "2222" });
  });

  test("the second key of a burst is known as one", () => {
    const reader = new ScanReader();
    expect(reader.key("a", 0)).toBe("first");
    expect(reader.key(" ", 5)).toBe("burst");
  });
});

describe("the same barcode within two seconds", () => {
  test.each([
    [1999, true],
    [2000, false],
  ])("counts once: the second scan after %i ms is a repeat: %s", (at, want) => {
    const repeats = new Repeats();
    expect(repeats.again("A1", 0)).toBe(false);
    expect(repeats.again("A1", at)).toBe(want);
  });

  test("does not stretch the two seconds by being scanned on and on", () => {
    const repeats = new Repeats();
    repeats.again("A1", 0);
    repeats.again("A1", 1500);
    expect(repeats.again("A1", 2700)).toBe(false);
  });

  test("that never leaves the light counts once, however long", () => {
    const repeats = new Repeats();
    const counted = Array.from({ length: 30 }, (_, i) => repeats.again("A1", i * 400)).filter((again) => !again);
    expect(counted.length).toBe(1);
  });

  test("may be tried again after a refusal as soon as it has left the light", () => {
    const repeats = new Repeats();
    repeats.again("A1", 0);
    repeats.refused();
    expect(repeats.again("A1", 500)).toBe(true);
    expect(repeats.again("A1", 1700)).toBe(false);
  });

  test("is another scan when another book came between", () => {
    const repeats = new Repeats();
    repeats.again("A1", 0);
    expect(repeats.again("B2", 10)).toBe(false);
    expect(repeats.again("A1", 20)).toBe(false);
  });

  test("counts again once it is forgotten", () => {
    const repeats = new Repeats();
    repeats.again("A1", 0);
    repeats.forget();
    expect(repeats.again("A1", 10)).toBe(false);
  });
});

test.each([
  ["carrel:p:7K2M9QX4R8TW3HYCA", true],
  ["CARREL:P:7K2M9QX4R8TW3HYCA", true],
  ["]Q1carrel:p:7K2M9QX4R8TW3HYCA", true],
  ["carrelÑpÑ7K2M9QX4R8TW3HYCA", true],
  ["30412000871", false],
  ["carrels in libraries", false],
  ["P 204417", false],
])("isCard(%s) is %s", (code, want) => {
  expect(isCard(code)).toBe(want);
});
