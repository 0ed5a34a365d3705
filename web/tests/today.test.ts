import { afterEach, describe, expect, test, vi } from "vitest";
import { locale } from "../shared/locale.svelte";
import { line } from "../staff/today/needs";
import type { Need } from "../staff/today/today.svelte";

const needs: Need[] = [
  { kind: "questions", n: 2, reasons: { on_loan: 1, unknown_patron: 1 } },
  { kind: "pull", n: 9, rooms: [{ name: "4B", from: "10:30", n: 2 }] },
  { kind: "shelf", n: 1 },
  { kind: "late", n: 61, rooms: 14, last: "2026-04-07", next: "2026-04-21" },
  { kind: "notices_failed", n: 3 },
  { kind: "notices_paper", n: 3 },
  { kind: "kiosk_locked", id: "k", name: "Kiosk 1" },
  { kind: "import", id: "i", state: "ready", file: "books.mrc" },
  { kind: "job_failed", job: "unlink", error: "the disk is full" },
  { kind: "doctor", name: "clock", state: "warn", message: "The clock is behind." },
  { kind: "setup", at: "books" },
];

afterEach(() => void vi.unstubAllGlobals());

describe("what needs me", () => {
  test.each(needs)("$kind says what, why and what to do", (need) => {
    vi.stubGlobal("document", { documentElement: {} });
    for (const language of ["en", "es"]) {
      locale.set(language);
      const { what, why, action, href, pdf } = line(need);
      expect(what && why && action).not.toBe("");
      expect(Boolean(href) !== Boolean(pdf), "leads to one thing").toBe(true);
      expect(`${what} ${why}`).not.toMatch(/undefined|\{|null/);
    }
    locale.set("en");
  });

  test("questions say how they came about", () => {
    expect(line(needs[0]!)).toMatchObject({ what: "2 kiosk questions", why: "One book was out to someone else. One card was not known." });
  });

  test("an unknown reason is passed over rather than shown as a code", () => {
    expect(line({ kind: "questions", n: 1, reasons: { brand_new: 1 } }).why).toBe("");
  });

  test("holds for a class that comes today are named with its hour", () => {
    expect(line(needs[1]!).why).toBe("2 for 4B, here at 10:30");
    expect(line({ kind: "pull", n: 1, rooms: [] }).why).toBe("Fetch them from the shelf and scan them at the desk.");
  });

  test("late books before the first notice", () => {
    expect(line({ kind: "late", n: 1, rooms: 1, last: "", next: "" })).toMatchObject({ what: "1 late book in 1 homeroom", why: "No notices have gone out yet." });
  });
});
