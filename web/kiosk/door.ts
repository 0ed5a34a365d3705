import { send, type Answer } from "../shared/http";

/** Milliseconds without an answer after which a child is not kept waiting any longer. */
const PATIENCE = 4_000;
/** A full queue is a lot of work for a small server. */
const REPLAY_PATIENCE = 60_000;

/** What the student door tells a paired kiosk about itself. */
export type State = {
  school: string;
  kiosk: string;
  /** Whether children may bring books back here. */
  returns: boolean;
  /** Whether barcodes of old student cards open a session, beside the cards Carrel made. */
  old_barcodes: boolean;
  language: string;
  idle_seconds: number;
  /** The server's time, RFC 3339. */
  now: string;
  sounds: boolean;
  /** Kindergarten: faces to tap, one book, everything read aloud. */
  kinder: boolean;
  /** During a class window only its children sign in. */
  class_only: boolean;
  /** What happens while the server is away: lend and ask later, or close. */
  away: "lend" | "close";
  camera: boolean;
  window: ClassWindow | null;
};

/** The class that is in the library now. Its children are told in kindergarten mode only, and held in memory only. */
export type ClassWindow = { homeroom: string; until: string; children?: Face[] };
export type Face = { child: string; first_name: string; picture?: string };

/** How a child shows who they are: the card in the hand, or the face that was tapped. */
export type Who = { card: string } | { child: string };

/** One child signed in. left is null when nothing limits the number of books. */
export type Child = { session: string; first_name: string; homeroom: string; picture?: string; left: number | null };

export type Lent = { title: string; due: string; left: number | null };
export type Back = { title: string };
export type Refusal = { outcome: "see_librarian" | "try_again" };

/** One act of lending or bringing back, at the time of this device. Sent again, it keeps its key and its time. */
export type Act = { item: string; key: string; at: string };

/** An act kept while the server was away. offset_ms is what was known then of the way from this device's clock to the server's. */
export type KeptAct = Act & { kind: "check_out" | "return"; offset_ms: number; card?: string; child?: string };
export type Replayed = { results: { key: string; outcome: string }[] };

const post = <T>(path: string, body: unknown, patience = PATIENCE) => send<T>(path, { method: "POST", body, patience });

/** The routes of the student door. Each throws Away when the server gives no answer. */
export const door = {
  state: () => send<State>("/kiosk/state", { patience: PATIENCE }),
  pair: (code: string, name: string) => send("/kiosk/pair", { method: "POST", body: { code, name } }),
  open: (who: Who): Promise<Answer<Child | Refusal>> => post("/kiosk/session", who),
  lend: (session: string, act: Act): Promise<Answer<Lent | Refusal>> => post("/kiosk/checkouts", { session, ...act }),
  giveBack: (act: Act): Promise<Answer<Back | Refusal>> => post("/kiosk/returns", act),
  close: (session: string) => send("/kiosk/session", { method: "DELETE", body: { session }, patience: PATIENCE }),
  replay: (acts: KeptAct[]) => post<Replayed>("/kiosk/replay", { acts }, REPLAY_PATIENCE),
};

export type Door = typeof door;
