import { m } from "../../shared/paraglide/messages";
import type { Findings, Line, ListName, Misplaced } from "./types";

const names: Record<ListName, () => string> = {
  not_seen: m.inv_list_not_seen,
  misplaced: m.inv_list_misplaced,
  out_but_here: m.inv_list_out_but_here,
  found: m.inv_list_found,
  withdrawn: m.inv_list_withdrawn,
  unknown: m.inv_list_unknown,
};
export const listName = (list: ListName) => names[list]();

/** A row of a list of the report: a book, or a code that no book has, and what to do. */
export type ReportRow = { id: string; title: string; barcode: string; call: string; place: string; remark: string };

const row = (line: Line, remark = ""): ReportRow => ({ id: line.item, title: line.title, barcode: line.barcode, call: line.call_number, place: line.location, remark });
const spot = (line: Line | null) => line?.call_number || line?.title || "";

function misplaced({ why, after, before, behind, ...line }: Misplaced): string {
  const stands = spot(behind) ? ` ${m.inv_stands({ call: spot(behind) })}.` : "";
  if (why === "location") return (line.location ? m.inv_why_location({ place: line.location }) : m.inv_why_location_none()) + "." + stands;
  if (why === "range") return m.inv_why_range() + "." + stands;
  if (why === "site") return m.inv_why_site() + "." + stands;
  if (after && before) return m.inv_why_order({ after: spot(after), before: spot(before) }) + "." + stands;
  if (before) return m.inv_why_order_first({ before: spot(before) }) + "." + stands;
  return (after ? m.inv_why_order_last({ after: spot(after) }) : m.inv_why_order_plain()) + "." + stands;
}

/** The rows of a list, as people read them. */
export function rowsOf(findings: Findings, list: ListName): ReportRow[] {
  switch (list) {
    case "not_seen":
      return findings.not_seen.map((line) => row(line));
    case "misplaced":
      return findings.misplaced.map((line) => row(line, misplaced(line)));
    case "out_but_here":
      return findings.out_but_here.map((line) => row(line, m.inv_why_out()));
    case "found":
      return findings.found.map((line) => row(line, line.was === "lost" ? m.inv_why_lost() : m.inv_why_missing()));
    case "withdrawn":
      return findings.withdrawn.map((line) => row(line));
  }
  return findings.unknown.map(({ code, behind }) => ({ id: code, title: m.inv_unknown(), barcode: code, call: "", place: "", remark: spot(behind) ? m.inv_why_behind({ call: spot(behind) }) : "" }));
}
