import { newKey } from "../shared/key";
import { Away, send } from "../shared/http";
import { Line } from "../shared/line.svelte";
import { m } from "../shared/paraglide/messages";
import { kept, type Work } from "./kept";
import type { Answer, Paper } from "./types";
import { answered } from "./words";

type Fault = { message?: string; data?: { code?: string; field?: string } } | null;
type Step = "code" | "seat" | "show" | "ask" | "hand" | "done";

/** One student's way through a check: class code, seat code, the questions, handing in. */
export class Sheet {
  step = $state<Step>("code");
  paper = $state.raw<Paper | null>(null);
  code = $state("");
  seat = $state("");
  name = $state("");
  /** The question that is shown, from 0. */
  at = $state(0);
  answers = $state.raw<Record<string, Answer>>({});
  problem = $state("");
  busy = $state(false);
  /** Somebody has this seat already, and the student is asked whether it is theirs. */
  taken = $state("");
  /** The check has closed before this was handed in. */
  closed = $state(false);
  readonly line = new Line();
  readonly items = $derived(this.paper?.items ?? []);
  readonly item = $derived(this.items[this.at]);
  readonly open = $derived(this.items.filter((item) => !answered(item, this.answers[item.id])));
  #key = "";

  /** Goes on where this device was, if it was under way. */
  resume() {
    const work = kept.recall();
    if (!work) return;
    ({ paper: this.paper, code: this.code, seat: this.seat, name: this.name, answers: this.answers, at: this.at, key: this.#key } = work as Work & { key: string });
    this.step = work.step;
  }

  async enter(code: string): Promise<void> {
    await this.#try(async () => {
      const paper = await this.#ask<Paper>("open", { code });
      if (!paper) return;
      this.code = code;
      this.paper = paper;
      this.#key = newKey();
      if (paper.when === "after" || paper.names) this.step = "seat";
      else await this.#sit("", false);
    });
  }

  /** Takes the seat from before; without one, a new one. */
  sit(seat: string, again = false): Promise<void> {
    return this.#try(() => this.#sit(seat, again));
  }

  async #sit(seat: string, again: boolean) {
    const given = await this.#ask<{ seat: string }>("seat", { code: this.code, seat, again });
    if (!given) return;
    this.taken = "";
    this.seat = given.seat;
    this.step = seat ? "ask" : "show";
    this.#keep();
  }

  begin() {
    this.#turn("ask", 0);
  }

  answer(item: string, answer: Answer) {
    this.answers = { ...this.answers, [item]: answer };
    this.problem = "";
    this.#keep();
  }

  next() {
    if (this.at + 1 < this.items.length) this.#turn("ask", this.at + 1);
    else this.#turn("hand", this.at);
  }

  back() {
    if (this.step === "hand") this.#turn("ask", this.at);
    else if (this.at > 0) this.#turn("ask", this.at - 1);
    else this.#turn("show", 0);
  }

  to(item: string) {
    this.#turn("ask", Math.max(0, this.items.findIndex(({ id }) => id === item)));
  }

  /** Hands in; without an answer it is sent again, unchanged, until there is one. */
  async handIn(): Promise<void> {
    await this.#try(async () => {
      this.closed = false;
      const body = { code: this.code, seat: this.seat, key: this.#key, name: this.name, answers: this.answers };
      const said = await this.line.reach(() => send<Fault>("/check/answers", { method: "POST", body }));
      if (said.status < 300) {
        kept.forget();
        this.answers = {};
        this.step = "done";
        return;
      }
      this.closed = said.data?.data?.code === "not_open";
      this.problem = this.closed ? "" : (said.data?.message ?? m.sheet_sorry());
      const item = said.data?.data?.field?.replace("answers.", "") ?? "";
      if (this.items.some(({ id }) => id === item)) this.#turn("ask", this.items.findIndex(({ id }) => id === item), this.problem);
    });
  }

  /** Leaves the device as if nobody had been here. */
  leave() {
    kept.forget();
    this.paper = null;
    this.code = this.seat = this.name = this.taken = this.problem = this.#key = "";
    this.answers = {};
    this.at = 0;
    this.closed = false;
    this.step = "code";
  }

  #turn(step: "show" | "ask" | "hand", at: number, problem = "") {
    this.step = step;
    this.at = at;
    this.problem = problem;
    this.#keep();
  }

  #keep() {
    if (!this.paper || this.step === "code" || this.step === "done") return;
    const { paper, code, seat, name, answers, at, step } = this;
    kept.keep({ paper, code, seat, key: this.#key, name, answers, at, step });
  }

  async #try(work: () => Promise<void>) {
    if (this.busy) return;
    this.busy = true;
    this.problem = "";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      this.problem = m.sheet_away();
    } finally {
      this.busy = false;
    }
  }

  /** Asks the door; null after a no, which is then said. */
  async #ask<T>(what: string, body: unknown): Promise<T | null> {
    const { status, data } = await send<T & Fault>(`/check/${what}`, { method: "POST", body });
    if (status < 300) return data;
    if (data?.data?.code === "seat_taken") this.taken = (body as { seat: string }).seat;
    else this.problem = data?.message ?? m.sheet_sorry();
    return null;
  }
}
