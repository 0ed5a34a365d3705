import { m } from "../../shared/paraglide/messages";
import { ask, openPdf } from "../api";
import { Pages } from "../parts/pages.svelte";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import { noticeStates, type Notice, type NoticesAnswer, type NoticeState } from "./types";

/** The notices that were made, as many as there are, and how many are in each state. */
export class History {
  state = $state<NoticeState | "">("");
  kind = $state("");
  channel = $state("");
  counts = $state.raw<Partial<Record<NoticeState, number>>>({});
  /** How many wait to be printed. */
  paper = $state(0);
  trouble = $state("");
  working = $state(false);
  readonly total = $derived(noticeStates.reduce((sum, state) => sum + (this.counts[state] ?? 0), 0));

  pages = new Pages<Notice>(async (page, perPage, signal) => {
    const query = new URLSearchParams({ state: this.state, kind: this.kind, channel: this.channel, page: String(page), perPage: String(perPage) });
    const answer = await ask<NoticesAnswer>(`notices?${query}`, { signal });
    this.counts = answer.counts;
    this.paper = answer.paper;
    return answer;
  });

  constructor(query: URLSearchParams) {
    this.state = noticeStates.find((state) => state === query.get("state")) ?? "";
    this.kind = query.get("kind") ?? "";
    this.channel = query.get("channel") ?? "";
  }

  /** The filters as they stand in the address. */
  get query(): URLSearchParams {
    const set = Object.entries({ state: this.state, kind: this.kind, channel: this.channel }).filter(([, value]) => value);
    return new URLSearchParams(set);
  }

  filter(to: Partial<Record<"kind" | "channel", string> & { state: NoticeState | "" }>) {
    Object.assign(this, to);
    void this.pages.again();
  }

  again = (notice: Notice) =>
    this.#try(async () => {
      await ask(`notices/${notice.id}/again`, { method: "POST", body: {} });
      toasts.say(m.notices_again_done({ name: notice.patron.name }));
    });

  print = () =>
    this.#try(async () => {
      const waited = this.paper;
      await openPdf("notices/print", "slips.pdf", "POST");
      toasts.say(m.notices_printed({ n: waited }));
    });

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
      void this.pages.again();
    }
  }
}
