import { account } from "../account.svelte";
import { Refused } from "../api";
import { Attempt } from "../settings/attempt.svelte";

type Kept = { id: string; updated: string };

/** How long nothing is typed before it is sent, in milliseconds. */
const PAUSE = 700;

/** What was typed and could not be sent, by id, for as long as the person stays. */
const drafts = new Map<string, unknown>();
account.onLeave(() => drafts.clear());

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Fields that are saved as they are typed. What somebody else changed meanwhile is taken in where nothing is typed here, and is asked
 * about where something is. Each save can be taken back.
 */
export class Autosave<R extends Kept, F extends object> {
  /** As the server has it. */
  kept = $state.raw<R | null>(null);
  typed = $state<F | null>(null);
  savedAt = $state<Date | null>(null);
  /** What somebody else saved in the very fields that are typed here. */
  theirs = $state.raw<R | null>(null);
  readonly attempt = new Attempt();
  /** What the typed fields are compared with: as they were read or sent last. */
  #base = $state.raw<F | null>(null);
  #past = $state.raw<Partial<F>[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<unknown> = Promise.resolve();

  /** read takes the fields out of a record; clean makes of what is typed what is sent; loose are fields that stay as typed though the server tidied them. */
  constructor(
    readonly how: { read: (record: R) => F; send: (kept: R, fields: Partial<F>) => Promise<R>; clean?: (fields: F) => F; loose?: readonly (keyof F)[] },
  ) {}

  readonly changed = $derived.by<(keyof F)[]>(() => {
    if (!this.typed || !this.#base) return [];
    const [now, was] = [this.#clean(this.typed), this.#clean(this.#base)];
    return (Object.keys(was) as (keyof F)[]).filter((name) => !same(now[name], was[name]));
  });
  readonly dirty = $derived(this.changed.length > 0);
  readonly undoable = $derived(this.#past.length > 0);

  /** Takes a record as it is at the server: what is typed here and was not sent stays. */
  take(record: R): void {
    const fresh = this.how.read(record);
    const draft = this.typed ? {} : ((drafts.get(record.id) as Partial<F> | undefined) ?? {});
    const own = this.typed ? this.#pick(this.typed, this.changed) : {};
    this.kept = record;
    this.#base = fresh;
    this.typed = { ...structuredClone(fresh), ...structuredClone(own), ...draft };
    drafts.delete(record.id);
    if (Object.keys(draft).length) this.later();
  }

  /** Another record is next. */
  reset(): void {
    [this.kept, this.typed, this.theirs, this.#base, this.#past, this.savedAt] = [null, null, null, null, [], null];
    this.attempt.clear();
  }

  /** Something was typed: it is sent when nothing more is typed for a moment. */
  later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Sends what is typed now, and waits for what is on its way. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    const turn = this.#sending.then(() => this.#save());
    this.#sending = turn.catch(() => {});
    return turn;
  }

  /** Takes the last save back. */
  async undo(): Promise<void> {
    await this.save();
    const last = this.#past.at(-1);
    if (!last || !this.typed) return;
    this.#past = this.#past.slice(0, -1);
    Object.assign(this.typed, structuredClone(last));
    const past = this.#past;
    if (await this.save()) this.#past = past;
  }

  /** What is typed goes over what somebody else saved. */
  insist(): Promise<boolean> {
    if (this.theirs) this.take(this.theirs);
    this.theirs = null;
    return this.save();
  }

  /** What somebody else saved goes over what is typed. */
  give(): void {
    const { theirs } = this;
    if (!theirs) return;
    this.reset();
    this.take(theirs);
  }

  /** The screen is left: what is typed is sent, and kept for later if it cannot be. */
  leave(): void {
    if (!this.dirty || !this.kept || !this.typed) return;
    drafts.set(this.kept.id, this.#pick(this.typed, this.changed));
    const { id } = this.kept;
    void this.save().then((saved) => saved && drafts.delete(id));
  }

  async #save(): Promise<boolean> {
    const { kept, changed } = this;
    if (!kept || !this.typed || !changed.length || this.theirs) return !changed.length;
    const sent = this.#pick(this.#clean(this.typed), changed);
    const typed = this.#pick(this.typed, changed);
    const before = this.#pick(this.#base!, changed);
    return this.attempt.run(async () => {
      try {
        this.#arrive(await this.how.send(kept, sent), typed);
        this.#past = [...this.#past.slice(-49), before];
      } catch (error) {
        if (error instanceof Refused && error.code === "changed" && error.data.current) return this.#collide(error.data.current as R, error);
        throw error;
      }
    });
  }

  /** What was sent is kept now. A field that was typed on meanwhile stays as it is typed. */
  #arrive(record: R, sent: Partial<F>): void {
    const fresh = this.how.read(record);
    const typed = $state.snapshot(this.typed) as F;
    const [base, next] = [{ ...fresh }, { ...fresh }];
    for (const name of Object.keys(fresh) as (keyof F)[]) {
      const wasSent = name in sent;
      const goesOn = wasSent ? !same(typed[name], sent[name]) : !same(typed[name], this.#base![name]);
      if (wasSent && (goesOn || this.how.loose?.includes(name))) base[name] = sent[name]!;
      if (goesOn || (wasSent && this.how.loose?.includes(name))) next[name] = typed[name];
    }
    [this.kept, this.#base, this.typed, this.savedAt] = [record, base, next, new Date()];
    if (this.dirty) this.later();
  }

  /** Somebody else saved first. Where they changed what is typed here a person decides; anything else goes together. */
  async #collide(current: R, error: Refused): Promise<void> {
    const [theirs, base] = [this.how.read(current), this.#base!];
    if (this.changed.some((name) => !same(theirs[name], base[name]) && !same(theirs[name], this.typed![name]))) {
      this.theirs = current;
      throw error;
    }
    this.take(current);
    this.later();
  }

  #clean(fields: F): F {
    const plain = $state.snapshot(fields) as F;
    return this.how.clean ? this.how.clean(plain) : plain;
  }

  #pick(from: F, names: readonly (keyof F)[]): Partial<F> {
    const plain = $state.snapshot(from) as F;
    return Object.fromEntries(names.map((name) => [name, plain[name]])) as Partial<F>;
  }
}
