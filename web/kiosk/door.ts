import { send, type Answer } from "../shared/http";

/** What the student door tells a paired kiosk about itself. */
export type State = {
  school: string;
  kiosk: string;
  /** Whether children may bring books back here. */
  returns: boolean;
  language: string;
  idle_seconds: number;
  /** Whether barcodes of old student cards open a session, beside the cards Carrel made. */
  old_barcodes?: boolean;
};

/** One child at the kiosk. left is null when nothing limits the number of books. */
export type Child = { session: string; first_name: string; homeroom: string; picture?: string; left: number | null };

export type Lent = { title: string; due: string; left: number | null };
export type Back = { title: string };
export type Refusal = { outcome: "see_librarian" | "try_again" };

/** One act of lending or bringing back. Sent again, it keeps its key and its time. */
export type Act = { item: string; key: string; at: string };

/** The routes of the student door. Each throws Away when the server gives no answer. */
export const door = {
  state: () => send<State>("/kiosk/state"),
  pair: (code: string, name: string) => send("/kiosk/pair", { method: "POST", body: { code, name } }),
  open: (card: string): Promise<Answer<Child | Refusal>> => send("/kiosk/session", { method: "POST", body: { card } }),
  lend: (session: string, act: Act): Promise<Answer<Lent | Refusal>> =>
    send("/kiosk/checkouts", { method: "POST", body: { session, ...act } }),
  giveBack: (act: Act): Promise<Answer<Back | Refusal>> => send("/kiosk/returns", { method: "POST", body: act }),
  close: (session: string) => send("/kiosk/session", { method: "DELETE", body: { session } }),
};

export type Door = typeof door;
