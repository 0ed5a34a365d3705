// What the catalogue answers; docs/api.md describes it.

export const kinds = ["picture", "fiction", "nonfiction", "graphic", "biography"] as const;
export type Kind = (typeof kinds)[number] | "other" | "";

/** A book as it stands in a row. */
export type Hit = {
  id: string;
  title: string;
  author: string;
  call_number: string;
  year: number;
  items: number;
  available: number;
  kind?: Kind;
  grades?: string;
  cover?: string;
  /** The day the first one is due back, when none is in. */
  out?: string;
  waiting?: number;
};

/** A list of titles under a name. One without an id is a search that every library has. */
export type Topic = { id: string; name: string; name_es: string; icon: string; note?: string; note_es?: string; search?: string };

export type Shelf = { list: Topic; hits: Hit[] };

export type Home = { school: string; language: string; topics: Topic[]; shelves: Shelf[]; loved: Hit[]; loved_in?: "month" | "year"; fresh: Hit[] };

export type Facet = { value: string; label?: string; count: number };

export type Found = {
  page: number;
  perPage: number;
  totalItems: number;
  items: Hit[];
  facets: Record<string, Facet[]>;
  did_you_mean?: string;
  /** Shorter searches that find something, when this one does not. */
  ideas?: { q: string; n: number }[];
  /** How many there are when the ones that are out are counted. */
  without?: number;
};

export type Run = { text: string; italic?: boolean };
export const styles = ["mla", "apa", "chicago"] as const;
export type Style = (typeof styles)[number];

/** Where copies stand, and the way there from the door when the library has a map. */
export type Place = {
  call_number: string;
  location: string;
  n: number;
  here?: { thing: string; name: string; name_es: string; bay?: number; shelf?: number };
  route?: { x: number; y: number }[];
  steps: string[];
};

export type Book = {
  title: {
    id: string;
    title: string;
    subtitle: string;
    author: string;
    authors: string[];
    illustrator: string;
    summary: string;
    kind: Kind;
    grades: string;
    level: string;
    series: string;
    subjects: string[];
    year: number;
    publisher: string;
    pages: string;
    language: string;
    cover: string;
    isbn: string;
  };
  available: number;
  items: number;
  back?: string;
  waiting: number;
  places: Place[];
  cite: Record<Style, Run[]>;
  alike: Hit[];
  lists?: Topic[];
};
