import { dayOf } from "../../shared/dates";
import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, openPdf } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { LateRoom, Letters, Level, NoticeSettings, Preview, RoomSlips, RunAnswer } from "./types";
import { levelNames } from "./words";

/** A mail server may take its time over a whole school, in milliseconds. */
const RUN_PATIENCE = 300_000;

/** What a button does, or why it does nothing now. */
export type Deed = { label: string; why: string };

/** Who is late on a day, which homerooms are chosen of it, and how they are told. What was chosen outlives the screen. */
export class Late {
  on = $state(dayOf(new Date()));
  look = $state.raw<Preview | null>(null);
  slips = $state.raw<RoomSlips | null>(null);
  paper = $state(true);
  families = $state(false);
  teachers = $state(false);
  trouble = $state("");
  /** The numbers are being asked for again: what a button says is not true any more. */
  counting = $state(false);
  working = $state(false);
  #out = $state.raw<ReadonlySet<string>>(new Set());
  #at = $state("");
  #begun = false;
  #asked: AbortController | undefined;
  #read: AbortController | undefined;

  readonly rooms = $derived(this.look?.homerooms ?? []);
  readonly chosen = $derived(this.rooms.filter(({ id }) => !this.#out.has(id)));
  readonly all = $derived(this.chosen.length === this.rooms.length);
  /** The homeroom whose slips are shown. */
  readonly room = $derived(this.rooms.find(({ id }) => id === this.#at) ?? this.rooms[0] ?? null);
  readonly sum = $derived(add(this.chosen));

  has = (room: LateRoom) => !this.#out.has(room.id);

  /** Begins with what the school decided, and looks. */
  async open(): Promise<void> {
    await this.count();
    if (this.#begun || !this.look) return;
    this.#begun = true;
    const { channel, to } = this.look.schedule;
    this.families = channel === "mail" && to.some((one) => one !== "teacher");
    this.teachers = to.includes("teacher");
  }

  reset() {
    this.#asked?.abort();
    this.#read?.abort();
    this.look = this.slips = null;
    this.#out = new Set();
    this.#at = "";
    this.#begun = this.counting = this.working = this.families = this.teachers = false;
    this.paper = true;
    this.trouble = "";
    this.on = dayOf(new Date());
  }

  /** Asks again who is late and what a run would mail; only the newest answer counts. */
  async count(): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.counting = true;
    try {
      const look = await ask<Preview>(`notices/preview?${this.#query(!this.all)}`, { signal: asked.signal });
      if (this.#asked !== asked) return;
      this.look = look;
      this.trouble = "";
      await this.#readSlips();
    } catch (error) {
      if (this.#asked === asked) this.trouble = problem(error);
    } finally {
      if (this.#asked === asked) this.counting = false;
    }
  }

  day(on: string) {
    if (!on || on === this.on) return;
    this.on = on;
    void this.count();
  }

  choose(room: LateRoom, wanted: boolean) {
    const out = new Set(this.#out);
    if (wanted) out.delete(room.id);
    else out.add(room.id);
    this.#out = out;
    void this.count();
  }

  chooseAll(wanted: boolean) {
    this.#out = new Set(wanted ? [] : this.rooms.map(({ id }) => id));
    void this.count();
  }

  show(room: LateRoom) {
    if (room.id === this.room?.id) return;
    this.#at = room.id;
    this.slips = null;
    void this.#readSlips();
  }

  step(by: number) {
    const at = this.rooms.findIndex(({ id }) => id === this.room?.id);
    const next = this.rooms[at + by];
    if (next) this.show(next);
  }

  /** Whether there is a homeroom so many places further. */
  reaches(by: number): boolean {
    return this.rooms[this.rooms.findIndex(({ id }) => id === this.room?.id) + by] !== undefined;
  }

  /** On which pages of the print the open homeroom is; null while it is not chosen. */
  readonly pages = $derived.by(() => {
    const at = this.chosen.findIndex(({ id }) => id === this.room?.id);
    if (at < 0) return null;
    const before = add(this.chosen.slice(0, at)).pages;
    return { from: before + 1, to: before + this.chosen[at]!.pages, of: this.sum.pages };
  });

  readonly printing = $derived.by<Deed>(() => {
    const label = this.sum.pages ? m.notices_print({ n: this.sum.pages }) : m.notices_print_none();
    if (!this.rooms.length) return { label, why: this.look ? m.late_none() : "" };
    if (!this.chosen.length) return { label, why: m.notices_why_rooms() };
    return { label, why: this.paper ? "" : m.notices_why_paper() };
  });

  readonly mailing = $derived.by<Deed>(() => {
    const none = m.notices_queue_none();
    if (!this.look) return { label: none, why: "" };
    if (!this.rooms.length) return { label: none, why: m.late_none() };
    if (!this.chosen.length) return { label: none, why: m.notices_why_rooms() };
    if (!this.families && !this.teachers) return { label: none, why: m.notices_why_mail() };
    if (!this.look.schedule.on) return { label: none, why: m.notices_why_off() };
    const { addresses, fresh, waiting } = this.#letters([this.families && this.look.families, this.teachers && this.look.teachers]);
    if (fresh) return { label: m.notices_queue({ n: fresh }), why: "" };
    if (waiting) return this.look.mail ? { label: m.notices_send_waiting({ n: waiting }), why: "" } : { label: none, why: m.notices_why_server({ n: waiting }) };
    return { label: none, why: addresses ? m.notices_why_told() : m.notices_why_address() };
  });

  print = () => this.#try(() => openPdf(`notices/slips?${this.#query(true)}`, `slips-${this.on}.pdf`));

  mail = () =>
    this.#try(async () => {
      const to = [this.families && "families", this.teachers && "teachers"].filter(Boolean);
      const body = { on: this.on, homerooms: this.chosen.map(({ id }) => id), to };
      const { message } = await ask<RunAnswer>("notices/run", { method: "POST", body, patience: RUN_PATIENCE });
      toasts.say(message);
      await this.count();
    });

  /** How much the slips of the school tell, from now on. */
  tell = (shows: Level) =>
    this.#try(async () => {
      const before = this.look!.shows;
      if (shows === before) return;
      await this.#setPaper(shows);
      toasts.say(m.notices_shows_now({ what: levelNames[shows]() }), () => this.#try(() => this.#setPaper(before)));
    });

  async #setPaper(paper: Level): Promise<void> {
    await ask<NoticeSettings>("settings/notices", { method: "PUT", body: { disclosure: { paper } } });
    await this.count();
  }

  #letters(of: (Letters | false)[]) {
    const asked = of.filter((one) => one !== false);
    const total = (pick: (one: Letters) => number) => asked.reduce((sum, one) => sum + pick(one), 0);
    return { addresses: total((one) => one.addresses), fresh: total((one) => one.new), waiting: total((one) => one.waiting) };
  }

  /** The day, and the homerooms that were chosen; without their names it is all of them. */
  #query(named: boolean): string {
    const query = new URLSearchParams({ on: this.on });
    if (named && this.chosen.length) query.set("homerooms", this.chosen.map(({ id }) => id).join(","));
    return query.toString();
  }

  async #readSlips(): Promise<void> {
    this.#read?.abort();
    const read = (this.#read = new AbortController());
    const room = this.room;
    if (!room) {
      this.slips = null;
      return;
    }
    try {
      const slips = await ask<RoomSlips>(`notices/slips/${room.id}?on=${this.on}`, { signal: read.signal });
      if (this.#read === read) this.slips = slips;
    } catch (error) {
      if (this.#read === read) this.trouble = problem(error);
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    if (this.working) return;
    this.trouble = "";
    this.working = true;
    try {
      await work();
    } catch (error) {
      this.trouble = problem(error);
    } finally {
      this.working = false;
    }
  }
}

function add(rooms: LateRoom[]) {
  const sum = { patrons: 0, loans: 0, pages: 0, reachable: 0 };
  for (const room of rooms) for (const name of ["patrons", "loans", "pages", "reachable"] as const) sum[name] += room[name];
  return sum;
}

export const late = new Late();
account.onLeave(() => late.reset());
