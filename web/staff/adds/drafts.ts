import type { Row } from "./types";

/** A book as it stands in the form: one text a field, subjects one a line. */
export type Draft = { title: string; subtitle: string; author: string; illustrator: string; isbn: string; publisher: string; year: string; pages: string; series: string; language: string; subjects: string; summary: string; call_number: string };

const kept = new Map<string, Draft>();

/** What was typed and not saved, for as long as the app stays open. */
export const drafts = {
  /** What was typed of a row, else what is known of it. */
  of(row: Row): Draft {
    const found = row.found[row.chosen - 1] ?? row.found[0];
    return kept.get(row.id) ?? {
      title: found?.title ?? "", subtitle: "", author: found?.author ?? "", illustrator: "", isbn: "", publisher: found?.publisher ?? "", year: found?.year ? String(found.year) : "",
      pages: found?.pages ?? "", series: found?.series ?? "", language: found?.language ?? "", subjects: (found?.subjects ?? []).join("\n"), summary: found?.summary ?? "", call_number: row.call_number,
    };
  },
  keep: (id: string, draft: Draft) => void kept.set(id, draft),
  drop: (id: string) => void kept.delete(id),
};
