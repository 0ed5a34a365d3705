import { Away } from "../../shared/http";
import { Refused } from "../api";

export type Scan = { key: string; code: string; refused?: string };

/** Where scans wait that the server does not have. The tab may be closed meanwhile. */
const KEPT = "carrel.adds";
/** How long to wait before the server is tried again, in milliseconds. */
const PAUSE = 3000;

/** Scans on their way to the server, in order. One stays until it has arrived: the same key again is the same scan. */
export class Outbox {
  waiting = $state.raw<Scan[]>(load());
  away = $state(false);
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly send: (scan: Scan) => Promise<unknown>) {}

  put(scan: Scan) {
    this.#keep([...this.waiting, scan]);
    void this.go();
  }

  /** Sends what waits, one after the other. */
  go = async (): Promise<void> => {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let scan = this.#next(); scan; scan = this.#next()) {
        await this.#try(scan);
        this.away = false;
      }
    } catch {
      this.away = true;
      this.#timer = setTimeout(() => void this.go(), PAUSE);
    } finally {
      this.#busy = false;
    }
  };

  /** Forgets a scan that the server will not have. */
  drop(key: string) {
    this.#keep(this.waiting.filter((scan) => scan.key !== key));
  }

  stop() {
    clearTimeout(this.#timer);
  }

  #next = () => this.waiting.find(({ refused }) => !refused);

  /** A no stays in sight with its sentence; no answer is for later. */
  async #try(scan: Scan): Promise<void> {
    try {
      await this.send(scan);
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 429 || error.status >= 500) throw error instanceof Refused ? new Away(String(error.status)) : error;
      this.#keep(this.waiting.map((each) => (each.key === scan.key ? { ...scan, refused: error.message } : each)));
      return;
    }
    this.drop(scan.key);
  }

  #keep(scans: Scan[]) {
    this.waiting = scans;
    localStorage.setItem(KEPT, JSON.stringify(scans));
  }
}

function load(): Scan[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? (kept as Scan[]) : [];
  } catch {
    return [];
  }
}
