import { m } from "../../shared/paraglide/messages";
import type { FieldName } from "./form.svelte";

/** What a field of a person is called. */
export const fieldLabels: Record<FieldName, () => string> = {
  first_name: m.people_first_name,
  last_name: m.people_last_name,
  say_name: m.people_say_name,
  barcode: m.people_barcode,
  grade: m.people_grade,
  homeroom: m.people_room,
  type: m.people_type,
  email: m.people_email,
  guardian_email: m.people_guardian_email,
  language: m.people_language,
  reads: m.people_reads,
  expires: m.people_expires,
  status: m.people_status,
  block: m.people_block,
  note: m.people_note,
};
