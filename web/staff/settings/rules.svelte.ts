import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask, type Refusal } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";
import { moneyTerms, scope, type Rule, type Term, type Terms } from "./terms";

export type Kind = { id: string; code: string; name: string };
export type Shipped = { added: number; replaced: number; kept: number; unchanged: number; types: string[]; rows: (Rule & { state: "added" | "replaced" | "kept" | "unchanged"; was?: Terms })[] };
export type Trial = { due: string; why_due: string; rule: { id: string; scope: string } | null; refusals: (Refusal & { rule?: { id: string; scope: string } })[] };

/** A rule as it is typed: numbers as text, so that nothing typed is lost; empty is "not set here". */
export type Typed = { id: string; patron_type: string; item_type: string; terms: Partial<Record<Term, string>> };

export const levels = ["K-5", "6-8", "9-12"] as const;

/** The matrix of loan rules. */
export class Rules {
  list = $state.raw<Rule[] | null>(null);
  patronTypes = $state.raw<Kind[]>([]);
  itemTypes = $state.raw<Kind[]>([]);
  fees = $state.raw<{ on: boolean; currency: string }>({ on: false, currency: "USD" });
  /** The rule in the dialog, and whether it was left half typed. */
  typed = $state<Typed | null>(null);
  shipped = $state.raw<{ level: string; replace: boolean; plan: Shipped } | null>(null);
  trial = $state.raw<Trial | null>(null);
  readonly attempt = new Attempt();
  readonly loading = new Attempt();
  readonly trying = new Attempt();

  open = () =>
    this.loading.read(async () => {
      const [{ rules }, kinds, fees] = await Promise.all([
        ask<{ rules: Rule[] }>("rules"),
        ask<{ patron_types: Kind[]; item_types: Kind[] }>("vocabulary"),
        ask<{ on: boolean; currency: string }>("settings/fees"),
      ]);
      [this.list, this.patronTypes, this.itemTypes, this.fees] = [rules, kinds.patron_types, kinds.item_types, fees];
    });

  edit(rule?: Rule) {
    this.attempt.clear();
    this.typed = rule ? { id: rule.id, patron_type: rule.patron_type, item_type: rule.item_type, terms: asText(rule.terms) } : { id: "", patron_type: "", item_type: "", terms: {} };
  }

  async save(): Promise<void> {
    const typed = this.typed;
    if (!typed) return;
    const before = this.list?.find(({ id }) => id === typed.id);
    let rule: Rule | undefined;
    const saved = await this.attempt.run(async () => {
      rule = await this.#put({ ...typed, terms: asTerms(typed.terms) });
    });
    if (!saved || !rule) return;
    const made = rule;
    this.typed = null;
    toasts.say(m.rules_saved({ name: scope(made) }), () => this.#back(() => (before ? this.#put(before) : this.#drop(made))));
  }

  async remove(rule: Rule): Promise<void> {
    this.list = (this.list ?? []).filter((other) => other !== rule);
    if (await this.attempt.run(() => this.#drop(rule))) toasts.say(m.settings_removed({ name: scope(rule) }), () => this.#back(() => this.#put({ ...rule, id: "" })));
    else await this.open();
  }

  /** Looks at what a ready set of rules would change. */
  look(level: string, replace: boolean): Promise<boolean> {
    return this.attempt.run(async () => {
      this.shipped = { level, replace, plan: await ask<Shipped>("rules/shipped?dry_run=1", { method: "POST", body: { level, replace } }) };
    });
  }

  async apply(): Promise<void> {
    if (!this.shipped) return;
    const { level, replace } = this.shipped;
    const before = this.list ?? [];
    const done = await this.attempt.run(async () => {
      await ask("rules/shipped", { method: "POST", body: { level, replace } });
      await this.open();
    });
    if (!done) return;
    this.shipped = null;
    const after = this.list ?? [];
    toasts.say(m.rules_set_done({ level }), () => this.#back(() => this.#restore(after, before)));
  }

  try(patron: string, item: string, on: string): Promise<boolean> {
    this.trial = null;
    return this.trying.run(async () => (this.trial = await ask<Trial>("rules/try", { method: "POST", body: { patron, item, on } })));
  }

  async #put(rule: Pick<Rule, "id" | "patron_type" | "item_type" | "terms">): Promise<Rule> {
    const { id, patron_type, item_type, terms } = rule;
    const saved = (await ask<{ rule: Rule }>("rules", { method: "POST", body: { id, patron_type, item_type, terms } })).rule;
    this.list = (await ask<{ rules: Rule[] }>("rules")).rules;
    return saved;
  }

  async #drop(rule: Rule): Promise<void> {
    await ask(`rules/${rule.id}`, { method: "DELETE" });
    this.list = (this.list ?? []).filter(({ id }) => id !== rule.id);
  }

  async #restore(from: Rule[], to: Rule[]): Promise<void> {
    for (const rule of from) {
      const was = to.find(({ id }) => id === rule.id);
      if (!was) await this.#drop(rule);
      else if (JSON.stringify(was.terms) !== JSON.stringify(rule.terms)) await this.#put(was);
    }
  }

  /** Takes something back; what stands in the way is said as any other trouble. */
  async #back(work: () => Promise<unknown>): Promise<void> {
    await this.attempt.run(work);
    if (this.attempt.text) await this.open();
  }

  forget() {
    this.list = this.typed = this.shipped = this.trial = null;
  }
}

/** The one of this page: a rule half typed is still there when one comes back to it. */
export const rules = new Rules();
account.onLeave(() => rules.forget());

const isMoney = (name: Term) => moneyTerms.includes(name) && name.endsWith("_cents");

function asText(terms: Terms): Typed["terms"] {
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, isMoney(name as Term) ? (Number(value) / 100).toFixed(2) : String(value)]));
}

/** What is typed as the server takes it. What is no number goes as it is: the server names it. */
export function asTerms(typed: Typed["terms"]): Terms {
  const set = Object.entries(typed).filter(([, text]) => text?.trim());
  return Object.fromEntries(set.map(([name, text]) => [name, value(name as Term, text!.trim())])) as Terms;
}

function value(name: Term, text: string): boolean | number | string {
  if (name === "due_mode") return text;
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text.replace(",", "."));
  if (!Number.isFinite(number)) return text;
  return isMoney(name) ? Math.round(number * 100) : number;
}
