import { m } from "../../shared/paraglide/messages";
import { locale } from "../../shared/locale.svelte";
import { account } from "../account.svelte";
import { ask, openPdf, Refused, refused, type Fault } from "../api";
import { toasts } from "../toasts.svelte";
import { problem } from "../words";
import type { About, Report, Saved } from "./types";

/** What was chosen, by the names of the parameters. */
export type Values = Record<string, string>;

/** The address of a report with what was chosen; what nobody chose is left out. */
export function query(values: Values): string {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "")).toString();
  return text && `?${text}`;
}

/** The reports there are, those that were saved, and the one that is open. */
export class Reports {
  list = $state.raw<About[] | null>(null);
  saved = $state.raw<Saved[]>([]);
  report = $state.raw<Report | null>(null);
  /** What is chosen for the open report; it may be wrong, and is then still here. */
  values = $state.raw<Values>({});
  trouble = $state("");
  /** The parameter that the trouble is about. */
  field = $state("");
  busy = $state(false);
  /** Two questions may be under way: only the answer to the last one is shown. */
  #asked = 0;

  async load(): Promise<void> {
    try {
      const { reports, saved } = await ask<{ reports: About[]; saved: Saved[] }>("reports");
      this.list = reports;
      this.saved = saved;
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** Makes a report. Until it is there, the one before stays, if it is the same report with something else chosen. */
  async open(id: string, values: Values): Promise<void> {
    const mine = ++this.#asked;
    if (this.report?.id !== id) this.report = null;
    this.values = values;
    this.busy = true;
    try {
      const report = await ask<Report>(`reports/${id}${query(values)}`);
      if (mine !== this.#asked) return;
      this.report = report;
      this.trouble = this.field = "";
    } catch (error) {
      if (mine !== this.#asked) return;
      this.trouble = problem(error);
      this.field = error instanceof Refused ? error.field : "";
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }

  /** Keeps the open report under a name; answers what is wrong with the name. */
  async save(name: string): Promise<string> {
    if (!this.report) return "";
    try {
      await ask("saved-reports", { method: "POST", body: { name, report: this.report.id, parameters: this.values } });
      await this.load();
      toasts.say(m.reports_saved({ name: name.trim() }));
      return "";
    } catch (error) {
      return problem(error);
    }
  }

  async forget(saved: Saved): Promise<void> {
    try {
      await ask(`saved-reports/${saved.id}`, { method: "DELETE" });
      await this.load();
      toasts.say(m.reports_forgotten({ name: saved.name }), () => void this.#bringBack(saved));
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  async #bringBack({ name, report, parameters }: Saved): Promise<void> {
    try {
      await ask("saved-reports", { method: "POST", body: { name, report, parameters } });
      await this.load();
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** The open report of one page as PDF, in a tab of its own. */
  async onPaper(): Promise<void> {
    if (!this.report) return;
    try {
      await openPdf(`reports/${this.report.id}.pdf${query(this.values)}`, `${this.report.id}.pdf`);
    } catch (error) {
      this.trouble = problem(error);
    }
  }

  /** The open report as a file. */
  async download(form: "csv" | "xlsx"): Promise<void> {
    if (!this.report) return;
    const { id } = this.report;
    try {
      const answer = await fetch(`/api/carrel/reports/${id}.${form}${query(this.values)}`, { headers: { Authorization: account.token, "Accept-Language": locale.current } });
      if (answer.status === 401) {
        await account.again();
        return this.download(form);
      }
      if (!answer.ok) throw refused(answer.status, (await answer.json().catch(() => null)) as Fault);
      const url = URL.createObjectURL(await answer.blob());
      Object.assign(document.createElement("a"), { href: url, download: `${id}.${form}` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    } catch (error) {
      this.trouble = problem(error);
    }
  }
}
