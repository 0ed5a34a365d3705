import { ask, Refused, type CalendarEntry, type Homeroom, type Kiosk, type KioskSettings, type PairingCode } from "../api";
import { problem } from "../words";

/** The kiosks of the school, the one being looked at, and the code for the next one. */
export class Kiosks {
  list = $state.raw<Kiosk[] | null>(null);
  homerooms = $state.raw<Homeroom[]>([]);
  calendar = $state.raw<CalendarEntry[]>([]);
  code = $state.raw<PairingCode | null>(null);
  /** The kiosk that took the code just shown. */
  arrived = $state.raw<Kiosk | null>(null);
  /** What the server said no to, and the field it spoke of. */
  trouble = $state("");
  field = $state("");
  saved = $state(false);
  #chosen = $state("");
  #coming = $state("");
  /** A new kiosk is wanted, in the place of one being looked at. */
  #pairing = $state(false);
  #tail: Promise<void> = Promise.resolve();

  /** Those in use and those that wait for their code. */
  readonly current = $derived((this.list ?? []).filter((kiosk) => kiosk.state !== "revoked"));
  readonly revoked = $derived((this.list ?? []).filter((kiosk) => kiosk.state === "revoked"));
  /** The kiosk being looked at; null while a new one is paired. */
  readonly chosen = $derived(this.#pairing ? null : (this.paired.find((kiosk) => kiosk.id === this.#chosen) ?? this.paired[0] ?? null));

  /** The one that waits for the code being shown: what it may do can be said before it arrives. */
  readonly coming = $derived(this.current.find((kiosk) => kiosk.id === this.#coming) ?? null);

  get paired(): Kiosk[] {
    return this.current.filter((kiosk) => kiosk.state === "paired");
  }

  open = () =>
    this.#try(async () => {
      const [{ homerooms }, { entries }] = await Promise.all([ask<{ homerooms: Homeroom[] }>("homerooms"), ask<{ entries: CalendarEntry[] }>("calendar"), this.#load()]);
      this.homerooms = homerooms;
      this.calendar = entries;
    });

  /** Asks again how the kiosks are. Nobody is told when it fails: what is on the screen stays. */
  look = () => this.#load().catch(() => {});

  choose(kiosk: Kiosk) {
    this.#chosen = kiosk.id;
    this.#pairing = false;
    this.code = null;
    this.arrived = null;
    this.#clear();
  }

  begin = () =>
    this.#try(async () => {
      this.#pairing = true;
      this.arrived = null;
      const before = new Set(this.list?.map(({ id }) => id));
      this.code = await ask<PairingCode>("kiosks", { method: "POST", body: {} });
      await this.#load();
      this.#coming = this.list?.find(({ id }) => !before.has(id))?.id ?? "";
    });

  rename = (kiosk: Kiosk, name: string) => this.#change(kiosk, { name });
  set = (kiosk: Kiosk, settings: Partial<KioskSettings>) => this.#change(kiosk, { settings });

  unlock = (kiosk: Kiosk) => this.#act(kiosk, "unlock");
  revoke = (kiosk: Kiosk) => this.#act(kiosk, "revoke");
  /** Gives the kiosk to a class for so many minutes; without a homeroom it takes it back. */
  give = (kiosk: Kiosk, homeroom: string, minutes: number) => this.#act(kiosk, "window", { homeroom, minutes });

  #change = (kiosk: Kiosk, body: { name?: string; settings?: Partial<KioskSettings> }) =>
    this.#try(async () => {
      const changed = await ask<Kiosk>(`kiosks/${kiosk.id}`, { method: "PATCH", body });
      this.list = (this.list ?? []).map((other) => (other.id === changed.id ? changed : other));
      this.saved = true;
    });

  #act = (kiosk: Kiosk, command: string, body: unknown = {}) =>
    this.#try(async () => {
      await ask(`kiosks/${kiosk.id}/${command}`, { method: "POST", body });
      await this.#load();
    });

  async #load(): Promise<void> {
    const before = this.list?.filter((kiosk) => kiosk.state === "paired").map((kiosk) => kiosk.id);
    this.list = (await ask<{ kiosks: Kiosk[] }>("kiosks")).kiosks;
    const arrived = before && this.paired.find((kiosk) => !before.includes(kiosk.id));
    if (!this.code || !arrived) return;
    this.choose(arrived);
    this.arrived = arrived;
  }

  /** Does one thing after the other: of two settings changed quickly, neither may overtake the other. */
  #try(work: () => Promise<void>): Promise<void> {
    this.#tail = this.#tail.then(async () => {
      this.#clear();
      try {
        await work();
      } catch (error) {
        this.trouble = problem(error);
        this.field = error instanceof Refused ? error.field : "";
      }
    });
    return this.#tail;
  }

  #clear() {
    this.trouble = this.field = "";
    this.saved = false;
  }
}
