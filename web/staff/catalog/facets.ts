import { m } from "../../shared/paraglide/messages";
import type { FacetName } from "../api";
import { languageName } from "../words";
import type { Sort } from "./search.svelte";

/** The heading of a group of filters. */
export function facetHeading(name: FacetName): string {
  return {
    available: m.facet_available, grades: m.facet_audience, kind: m.facet_type, lexile: m.finder_lexile, added: m.finder_added, location: m.facet_location,
    type: m.finder_form, audience: m.facet_audience, language: m.facet_language,
  }[name]();
}

/** What form a title has, in words. */
export function typeWord(type: string): string {
  const words: Record<string, () => string> = {
    book: m.type_book, ebook: m.type_ebook, serial: m.type_serial, audiobook: m.type_audiobook, music: m.type_music, video: m.type_video,
    map: m.type_map, score: m.type_score, computer: m.type_computer, kit: m.type_kit, object: m.type_object, mixed: m.type_mixed,
  };
  return words[type]?.() ?? type;
}

/** Whom a title is for, in words. The grades are the bands of MARC 21, field 008/22. */
function audienceWord(audience: string): string {
  const words: Record<string, () => string> = {
    preschool: m.audience_preschool, primary: m.audience_primary, middle: m.audience_middle, teen: m.audience_teen,
    juvenile: m.audience_juvenile, adult: m.audience_adult, general: m.audience_general,
  };
  return words[audience]?.() ?? audience;
}

const values: Record<string, Record<string, () => string>> = {
  available: { true: m.facet_on_shelf, false: m.finder_out },
  kind: { picture: m.finder_picture, graphic: m.finder_graphic, fiction: m.finder_fiction, biography: m.finder_biography, nonfiction: m.finder_nonfiction, other: m.finder_other },
  grades: { "K-2": m.finder_k2, "3-5": m.finder_35, "6-8": m.finder_68, "9-12": m.finder_912 },
  lexile: { "below-500": m.finder_lexile_low, "500-750": m.finder_lexile_middle, "above-750": m.finder_lexile_high },
  added: { year: m.finder_added_year, ten: m.finder_added_ten },
};

/** A filter's value in words: codes are spelt out, names of shelving places stand as they are. */
export function facetWord(name: FacetName, value: string, label = ""): string {
  if (name === "language") return languageName(value);
  if (name === "type") return typeWord(value);
  if (name === "audience") return audienceWord(value);
  return values[name]?.[value]?.() ?? (label || value);
}

const orders: Record<Sort, () => string> = {
  best: m.finder_sort_best, title: m.finder_sort_title, author: m.finder_sort_author, year: m.finder_sort_year, call_number: m.finder_sort_call, newest: m.finder_sort_newest,
};
export const sortWord = (sort: Sort) => orders[sort]();

/** A measure as labels write it, "AD 760L", and grades with a true dash. */
export const levelWord = (level: string) => level.replace(/^([A-Z]{2})(?=\d)/, "$1 ");
export const gradesWord = (grades: string) => m.finder_grades({ grades: grades.replace("-", "–") });
