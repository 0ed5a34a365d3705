import { describe, expect, test, vi } from "vitest";
import { clothFor } from "../shared/cover";
import { dayOf, longDay, stampDay } from "../shared/dates";
import { Away } from "../shared/http";
import { newKey } from "../shared/key";
import { Line } from "../shared/line.svelte";

describe("keys of acts", () => {
  test("are UUIDs of version 4", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test("differ from each other", () => {
    expect(new Set(Array.from({ length: 1000 }, newKey)).size).toBe(1000);
  });

  test("are made without randomUUID, which a page without TLS does not have", () => {
    vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array) => bytes.fill(255) });
    expect(newKey()).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
    vi.unstubAllGlobals();
  });
});

describe("dates", () => {
  test.each([
    ["2026-04-21", "en", "Tue Apr 21"],
    ["2026-04-21", "es", "mar 21 abr"],
    ["2026-01-01", "en", "Thu Jan 1"],
    ["2026-04-21 00:00:00.000Z", "en", "Tue Apr 21"],
    ["soon", "en", "soon"],
  ])("the stamp of %s in %s is %s", (day, locale, want) => {
    expect(stampDay(day, locale)).toBe(want);
  });

  test("a long day is said in words", () => {
    expect(longDay("2026-04-21", "en")).toBe("Tuesday, April 21");
    expect(longDay("2026-04-21", "es")).toBe("martes, 21 de abril");
  });

  test("the day of an instant is the device's own, also just before midnight", () => {
    expect(dayOf(new Date(2026, 3, 21, 23, 59, 59))).toBe("2026-04-21");
    expect(dayOf(new Date(2026, 0, 1, 0, 0, 0))).toBe("2026-01-01");
  });
});

describe("generated covers", () => {
  const titles = ["Hatchet", "Charlotte’s Web", "", "李小龙", "Antidisestablishmentarianism", "A ".repeat(200), "Diary of a Wimpy Kid: The Very Long Title of the Fourth Volume"];

  test("look the same for the same title, whatever its case", () => {
    expect(clothFor("Hatchet").motif).toBe(clothFor("HATCHET").motif);
    expect(clothFor("Hatchet").ground).toBe(clothFor(" hatchet ").ground);
  });

  test.each(titles)("hold the title above the motif, on lines that fit: %s", (title) => {
    const cloth = clothFor(title, "An author with a name that goes on and on and on and on");
    expect(cloth.lines.length * cloth.size).toBeLessThanOrEqual(63);
    for (const line of cloth.lines) expect(line.length * cloth.size).toBeLessThanOrEqual(330); // of the narrowest letters
    expect(cloth.by.length * cloth.bySize).toBeLessThanOrEqual(330);
  });

  test("show what a title is about, in both languages", () => {
    expect(["The Planets", "Los planetas", "Owl Moon", "Sharks", "Osos", "The Honeybee"].map((title) => clothFor(title).motif)).toEqual(["orbit", "orbit", "moon", "waves", "paws", "comb"]);
  });

  test("can be read: ink on ground is at least 4.5 to 1", () => {
    const seen = new Map(Array.from({ length: 500 }, (_, i) => clothFor(`title ${i}`)).map((cloth) => [cloth.ground, cloth.ink]));
    expect(seen.size).toBeGreaterThan(8);
    for (const [ground, ink] of seen) expect(contrast(ground, ink), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });
});

/** Contrast of two colours, WCAG 2.1, relative luminance. */
function contrast(a: string, b: string): number {
  const light = (hex: string) =>
    [1, 3, 5]
      .map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
      .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i]!, 0);
  const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

describe("the line to the server", () => {
  test("sends the same again until it is answered", async () => {
    vi.useFakeTimers();
    const line = new Line();
    let tries = 0;
    const answer = line.reach(async () => {
      if (++tries < 4) throw new Away("down");
      return "here";
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(line.away).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await answer).toBe("here");
    expect([tries, line.away]).toEqual([4, false]);
    vi.useRealTimers();
  });

  test("gives up after the second try where somebody waits, and knows then that the server is away", async () => {
    vi.useFakeTimers();
    const line = new Line();
    let tries = 0;
    const answer = line.twice(() => (tries++, Promise.reject(new Away("down")))).catch((error: Error) => error.name);
    await vi.advanceTimersByTimeAsync(500);
    expect([tries, line.away]).toEqual([1, false]);
    await vi.advanceTimersByTimeAsync(600);
    expect([await answer, tries, line.away]).toEqual(["Away", 2, true]);
    vi.useRealTimers();
  });

  test("passes on what is no silence", async () => {
    const line = new Line();
    await expect(line.reach(() => Promise.reject(new Error("a bug")))).rejects.toThrow("a bug");
    expect(line.away).toBe(false);
  });
});
