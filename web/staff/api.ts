import { locale } from "../shared/locale.svelte";
import { send, type Request } from "../shared/http";
import { account } from "./account.svelte";

export { SignedOut } from "./account.svelte";

export type Refusal = { code: string; message: string; overridable: boolean };

/** The server's no: what it said, and everything a screen needs to say it in the right place. */
export class Refused extends Error {
  override name = "Refused";
  constructor(
    readonly status: number,
    message: string,
    /** The machine's word for it, such as unknown_item. */
    readonly code: string,
    /** The field of the request that the message is about, if it is about one. */
    readonly field: string,
    readonly refusals: Refusal[],
    /** Everything else it sent along, such as the newer version of a record. */
    readonly data: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export type Fault = { message?: string; data?: { code?: string; field?: string; refusals?: Refusal[]; [more: string]: unknown } } | null;

/**
 * Sends a command or a question to the staff door. Throws Refused for a no and Away without an answer. A session that ended is no
 * answer: the person signs in again over the page they were on, and the request goes on as it was.
 */
export async function ask<T>(path: string, request: Request = {}): Promise<T> {
  const signedIn = account.token !== "";
  const headers: Record<string, string> = signedIn ? { Authorization: account.token } : {};
  const answer = await send<T>(`/api/carrel/${path}`, { ...request, headers: { ...request.headers, ...headers } });
  if (answer.status < 300) return answer.data;
  if (answer.status === 401 && signedIn && account.person) {
    await account.again();
    return ask(path, request);
  }
  throw refused(answer.status, answer.data as Fault);
}

/** A no of the server as an error, for those who do not ask by ask. */
export function refused(status: number, fault: Fault): Refused {
  const { code = "", field = "", refusals = [] } = fault?.data ?? {};
  return new Refused(status, fault?.message ?? "", code, field, refusals, fault?.data);
}

/**
 * Fetches a PDF and shows it in a new tab. The tab is opened before the answer comes, or the browser
 * would take it for an advertisement; a browser that opens none gets the file as a download.
 */
export async function openPdf(path: string, name: string, method = "GET", body?: unknown): Promise<void> {
  const tab = window.open("", "_blank");
  try {
    const headers: Record<string, string> = { Authorization: account.token, "Accept-Language": locale.current };
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(`/api/carrel/${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
    if (response.status === 401) {
      tab?.close();
      await account.again();
      return openPdf(path, name, method, body);
    }
    if (!response.ok) throw refused(response.status, (await response.json().catch(() => null)) as Fault);
    const url = URL.createObjectURL(new Blob([await response.blob()], { type: "application/pdf" }));
    if (tab) tab.location.href = url;
    else Object.assign(document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    tab?.close();
    throw error;
  }
}

export type Patron = {
  id: string;
  barcode: string;
  name: string;
  first_name: string;
  last_name: string;
  grade: string;
  homeroom: string;
  type: string;
  status: string;
  expires?: string;
  /** How many more may be lent; null when nothing limits it. */
  left?: number | null;
};
export type Block = { code: string; message: string };
export type OpenLoan = {
  id: string;
  due: string;
  out_at: string;
  overdue: boolean;
  days_late?: number;
  renewals: number;
  item: { barcode: string; title: string; author: string; call_number: string };
};
export type PatronAnswer = { patron: Patron; blocks: Block[]; loans: OpenLoan[]; holds: unknown[] };

export type Loan = {
  id: string;
  due: string;
  out_at: string;
  item: { barcode: string; title: string };
  patron: { barcode: string; name: string };
};
export type LoanAnswer = { loan: Loan; why_due: string };
export type ReturnAnswer = { loan: Loan | null; item?: { barcode: string; title: string }; next: "shelve" | "hold" | "repair" | "transfer"; message: string };
export type Resolved = { kind: "patron" | "item" | "isbn" | "none" };

export type Title = {
  id: string;
  title: string;
  author: string;
  call_number: string;
  year: number | string;
  type: string;
  items: number;
  available: number;
  kind?: string;
  /** A measure of reading, "AD760L". */
  level?: string;
  /** School grades, "K-3". */
  grades?: string;
  isbn?: string;
  /** The version of its picture; empty without one. */
  cover?: string;
  added?: string;
  /** When the next copy is due, if none is in. */
  out?: string;
  waiting?: number;
  /** This school year; only for staff who may know. */
  loans?: number;
  last_loan?: string;
};
export type Facet = { value: string; label?: string; count: number };
export type SearchAnswer = {
  page: number;
  perPage: number;
  totalItems: number;
  items: Title[];
  facets: Partial<Record<FacetName, Facet[]>>;
  took_ms: number;
  /** In how many of the matches the facets were counted, where there are too many to count in all. */
  facets_of?: number;
  did_you_mean?: string;
};
export const facetNames = ["available", "grades", "kind", "lexile", "added", "location", "type", "audience", "language"] as const;
export type FacetName = (typeof facetNames)[number];

/** What a librarian decides for one kiosk. */
export type KioskSettings = {
  returns: boolean;
  /** Barcodes with the student's number sign in, which anybody can guess. */
  old_barcodes: boolean;
  /** Empty for the school's own. */
  language: "" | "en" | "es";
  idle_seconds: number;
  sounds: boolean;
  /** Faces to tap while a class is here. */
  kinder: boolean;
  class_only: boolean;
  camera: boolean;
  /** While the server is away: lend and ask later, or close. */
  away: "lend" | "close";
};
export type Kiosk = {
  id: string;
  name: string;
  state: "waiting" | "paired" | "revoked";
  last_seen: string;
  paired_at: string;
  /** When too many wrong cards locked it; empty while it is open. */
  locked_at: string;
  settings: KioskSettings;
  /** The class it was given to by hand; homeroom is an id. */
  window: { homeroom: string; until: string } | null;
};
/** A one-time code; url takes it along, and qr draws the url: rows of modules, a 1 for each dark one. */
export type PairingCode = { code: string; expires: string; url?: string; qr?: string[] };
export type Homeroom = { id: string; name: string; patrons: number; visits?: string };
export type CalendarEntry = { kind: string; day: string; until: string; weekdays: string };

export type Decision = "keep" | "undo" | "lend" | "dismiss";
export type Reason = "rule" | "on_loan" | "late" | "overlap" | "unknown_item" | "unknown_patron" | "unreadable";
/** An act that a kiosk kept while the server was away, and that a person must judge. */
export type Question = {
  id: string;
  reason: Reason;
  /** The kiosk's name. */
  kiosk: string;
  kind: "check_out" | "return";
  at: string;
  /** The item as it was scanned. */
  code: string;
  item: { barcode: string; title: string } | null;
  patron: { barcode: string; name: string } | null;
  /** The likeliest first. */
  decisions: Decision[];
};
