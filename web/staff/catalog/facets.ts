import { m } from "../../shared/paraglide/messages";
import type { FacetName } from "../api";
import { languageName } from "../words";

/** The heading of a group of filters. */
export function facetHeading(name: FacetName): string {
  return { available: m.facet_available(), type: m.facet_type(), location: m.facet_location(), audience: m.facet_audience(), language: m.facet_language() }[name];
}

/** What kind of thing a title is, in words. */
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

/** A filter's value in words: codes are spelt out, names of shelving places stand as they are. */
export function facetWord(name: FacetName, value: string): string {
  if (name === "language") return languageName(value);
  if (name === "type") return typeWord(value);
  if (name === "audience") return audienceWord(value);
  if (name === "available") return m.facet_on_shelf();
  return value;
}
