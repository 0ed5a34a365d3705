import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";
import type { Import, Kind, Report, Row, State } from "./types";

/** A number as people write it: 11,860. */
export const many = (n: number) => new Intl.NumberFormat(locale.current).format(n);

/** The size of a file: "12.4 MB". */
export const megabytes = (bytes: number) => `${new Intl.NumberFormat(locale.current, { maximumFractionDigits: bytes < 10_485_760 ? 1 : 0 }).format(bytes / 1_048_576)} MB`;

/** What an import is called: its file, or what it does. */
export const nameOf = (one: Import) => (one.kind === "turnover" ? m.import_year() : one.file);

const fields: Record<string, () => string> = {
  "": m.import_field_none,
  district_id: m.import_field_district_id,
  source_id: m.import_field_source_id,
  barcode: m.import_field_barcode,
  last_name: m.import_field_last_name,
  first_name: m.import_field_first_name,
  middle_name: m.import_field_middle_name,
  preferred_name: m.import_field_preferred_name,
  grade: m.import_field_grade,
  homeroom: m.import_field_homeroom,
  homeroom_teacher: m.import_field_homeroom_teacher,
  email: m.import_field_email,
  guardian_email: m.import_field_guardian_email,
  language: m.import_field_language,
  birth_date: m.import_field_birth_date,
  type: m.import_field_type,
  status: m.import_field_status,
  school: m.import_field_school,
  school_id: m.import_field_school_id,
  changed: m.import_field_changed,
};

const bookFields: Record<string, () => string> = {
  "": m.import_field_none,
  title: m.import_book_title,
  subtitle: m.import_book_subtitle,
  author: m.import_book_author,
  illustrator: m.import_book_illustrator,
  isbn: m.import_book_isbn,
  lccn: m.import_book_lccn,
  call_number: m.import_book_call_number,
  publisher: m.import_book_publisher,
  place: m.import_book_place,
  year: m.import_book_year,
  edition: m.import_book_edition,
  pages: m.import_book_pages,
  series: m.import_book_series,
  volume: m.import_book_volume,
  summary: m.import_book_summary,
  subjects: m.import_book_subjects,
  language: m.import_book_language,
  lexile: m.import_book_lexile,
  ar_level: m.import_book_ar_level,
  ar_points: m.import_book_ar_points,
  grades: m.import_book_grades,
  kind: m.import_book_kind,
  audience: m.import_book_audience,
  id: m.import_book_id,
  barcode: m.import_book_barcode,
  location: m.import_book_location,
  item_type: m.import_book_item_type,
  copy: m.import_book_copy,
  price: m.import_book_price,
  currency: m.import_book_currency,
  acquired: m.import_book_acquired,
  public_note: m.import_book_public_note,
  staff_note: m.import_book_staff_note,
  fund: m.import_book_fund,
  vendor: m.import_book_vendor,
  status: m.import_book_status,
  details: m.import_book_details,
};
export const fieldName = (field: string, kind: Kind = "roster") => (kind === "titles" ? bookFields : fields)[field]?.() ?? field;
/** Where a subfield of a copy goes. */
export const partName = (part: string) => (part ? fieldName(part, "titles") : m.import_book_record());

const lists: Record<string, string> = { carrel: "Carrel", destiny: "Destiny", alexandria: "Alexandria", koha: "Koha", slims: "SLiMS", librarika: "Librarika" };
/** What a file of titles turned out to be. */
export function sourceName({ source = "" }: Report): string {
  if (lists[source]) return m.import_source_list({ name: lists[source] });
  return source === "plain" ? m.import_source_table() : source === "marcxml" ? m.import_source_xml() : source ? m.import_source_marc() : "";
}
/** Whether it is a table: then what is counted are rows. */
export const isTable = ({ source = "" }: Report) => source === "plain" || source in lists;

const states: Record<State, () => string> = {
  reading: m.import_state_reading,
  ready: m.import_state_ready,
  running: m.import_state_running,
  done: m.import_state_done,
  stopped: m.import_state_stopped,
  undoing: m.import_state_undoing,
  undone: m.import_state_undone,
  unreadable: m.import_state_unreadable,
};
export const stateName = (state: State) => states[state]();

/** A row of a file and what is wrong in it, with its place. */
export function rowText({ record, column, message: text }: Row): string {
  if (!record) return text;
  return column ? m.import_row_column({ n: record, column, text }) : m.import_row({ n: record, text });
}
/** The same of a file of titles. */
export const recordText = ({ record, message: text }: Row) => (record ? m.import_record({ n: record, text }) : text);

const sum = (...parts: (number | undefined)[]) => parts.reduce<number>((all, part) => all + (part ?? 0), 0);

/** How much an import would change; 0 when everything is as in the file. */
export function weight({ titles, items, patrons, matched, promote, leave }: Report): number {
  return sum(titles?.added, titles?.updated, items?.added, items?.updated, patrons?.added, patrons?.updated, patrons?.left, matched, leave, ...(promote ?? []).map(({ n }) => n));
}

/** The name of the button that does it, which says what will be the result: "Add 508 students". */
export function applyName({ kind, preview }: Import): string {
  const { titles, items, patrons, matched = 0, promote = [], leave = 0 } = preview ?? {};
  const says = (word: (values: { n: number; count: string }) => string, n: number) => word({ n, count: many(n) });
  if (kind === "pictures") return says(m.import_apply_pictures, matched);
  if (kind === "turnover") return says(m.import_apply_turnover, sum(leave, ...promote.map(({ n }) => n)));
  if (kind === "roster") return patrons?.added ? says(m.import_apply_roster, patrons.added) : says(m.import_apply_update, sum(patrons?.updated, patrons?.left));
  if (items?.added) return says(m.import_apply_titles, items.added);
  return titles?.added ? says(m.import_apply_titles_only, titles.added) : says(m.import_apply_change, sum(titles?.updated, items?.updated));
}
