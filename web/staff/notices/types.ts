/** How much is told, from the least to the most. */
export const levels = ["count", "type", "title"] as const;
export type Level = (typeof levels)[number];

export const noticeStates = ["queued", "sending", "sent", "printed", "failed", "unknown", "cancelled"] as const;
export type NoticeState = (typeof noticeStates)[number];
export const noticeKinds = ["overdue", "recall", "due_soon", "hold_ready", "hold_expired", "claim", "fee"] as const;
export type NoticeKind = (typeof noticeKinds)[number];
export type Channel = "mail" | "paper";
export const audiences = ["guardians", "patron", "teacher"] as const;
export type Audience = (typeof audiences)[number];

export type Notice = {
  id: string;
  patron: { name: string; barcode: string; homeroom: string };
  kind: NoticeKind;
  step: number;
  channel: Channel;
  audience: Audience | "";
  state: NoticeState;
  /** Books. */
  count: number;
  language: string;
  created: string;
  sent_at?: string;
  error?: string;
};
export type NoticesAnswer = { items: Notice[]; totalItems: number; counts: Partial<Record<NoticeState, number>>; paper: number };

/** What is decided of one kind of notice. Steps are days after the due date, or of reminders school days before it. */
export type KindSettings = { on: boolean; hour: number; channel: Channel; to: Audience[]; steps?: number[]; owed?: string; every_days?: number };
export type Told = { guardians: Level; patron: Level; teacher: Level; paper: Level };
export type NoticeSettings = { profile: Level; disclosure: Told; kinds: Record<NoticeKind, KindSettings> };

export type LateRoom = { id: string; name: string; patrons: number; loans: number; pages: number; reachable: number };
/** Mails: to how many they could go, how many would be written now, and how many wait since an earlier time. */
export type Letters = { addresses: number; new: number; waiting: number };
export type Preview = {
  on: string;
  /** All of them; the numbers beside them are those of the chosen ones. */
  homerooms: LateRoom[];
  patrons: number;
  loans: number;
  pages: number;
  families: Letters;
  teachers: Letters;
  left_out: { claimed: number; left: number; back: number; opted_out: number };
  mail: boolean;
  paper: number;
  profile: Level;
  shows: Level;
  tells: Level;
  schedule: KindSettings;
};
export type Slip = { name: string; homeroom: string; language: string; heading: string; opening: string; rows: { text: string; note?: string }[]; closing: string };
export type RoomSlips = { on: string; school: string; slips: Slip[] };
/** What a run did, in the server's own sentences. */
export type RunAnswer = { message: string };

/** The words of one kind of notice ("teacher" for the list of a homeroom), step and language. */
export type Wording = { kind: NoticeKind | "teacher"; step: number; language: "en" | "es"; subject: string; body: string; own: boolean; placeholders: string[] };
export type Shown = { subject: string; text: string; sample: boolean };
export type OptOut = { id: string; address: string; since: string };
