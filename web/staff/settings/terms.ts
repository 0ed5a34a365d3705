import { locale } from "../../shared/locale.svelte";
import { m } from "../../shared/paraglide/messages";

/** The values a rule may set. One left out is decided by a less specific rule. Money is in cents. */
export type Terms = {
  for_loan?: boolean;
  loan_days?: number;
  due_mode?: string;
  loan_limit?: number;
  type_limit?: number;
  title_limit?: number;
  renewal_limit?: number;
  overdue_limit?: number;
  claim_limit?: number;
  hold_allowed?: boolean;
  hold_limit?: number;
  pickup_days?: number;
  fee_per_day_cents?: number;
  fee_grace_days?: number;
  fee_cap_cents?: number;
  fee_limit_cents?: number;
  lost_fee_cents?: number;
  processing_fee_cents?: number;
};
export type Term = keyof Terms;

/** A row of the matrix. An empty type is every one; types are told by their codes. */
export type Rule = { id: string; patron_type: string; item_type: string; patron_name: string; item_name: string; terms: Terms };

/** Values that speak of the person as a whole and so never stand in a rule for one kind of item. */
export const patronWide: readonly Term[] = ["loan_limit", "overdue_limit", "fee_limit_cents", "claim_limit", "hold_limit"];
export const moneyTerms: readonly Term[] = ["fee_per_day_cents", "fee_grace_days", "fee_cap_cents", "fee_limit_cents", "lost_fee_cents", "processing_fee_cents"];

/** What stands in one column of the matrix. */
export const columns: readonly { id: string; terms: readonly Term[] }[] = [
  { id: "loan", terms: ["for_loan", "loan_days", "due_mode"] },
  { id: "limits", terms: ["loan_limit", "type_limit", "title_limit", "overdue_limit", "claim_limit"] },
  { id: "renewals", terms: ["renewal_limit"] },
  { id: "holds", terms: ["hold_allowed", "hold_limit", "pickup_days"] },
  { id: "money", terms: moneyTerms },
];

const specificity = (rule: Rule) => 2 * Number(rule.item_type !== "") + Number(rule.patron_type !== "");

/** The rows a rule falls back on, the nearest first. */
export function below(rules: Rule[], rule: Pick<Rule, "patron_type" | "item_type">): Rule[] {
  const own = specificity(rule as Rule);
  return rules
    .filter((other) => specificity(other) < own && [rule.patron_type, ""].includes(other.patron_type) && [rule.item_type, ""].includes(other.item_type))
    .sort((a, b) => specificity(b) - specificity(a));
}

/** The row that sets a value which a rule leaves out. A value of the person as a whole is only looked for in rows without an item type. */
export function source(rules: Rule[], rule: Pick<Rule, "patron_type" | "item_type">, term: Term): Rule | undefined {
  return below(rules, rule).find((other) => other.terms[term] !== undefined && (!patronWide.includes(term) || !other.item_type));
}

/** "Student", "Student, DVD", "Everybody". */
export function scope(rule: Pick<Rule, "patron_name" | "item_name">): string {
  if (rule.patron_name && rule.item_name) return m.rules_scope_both({ who: rule.patron_name, what: rule.item_name });
  return rule.patron_name || rule.item_name || m.rules_scope_all();
}

/** "(as for Student)". */
export const asFor = (rule: Rule) => (rule.patron_type || rule.item_type ? m.rules_as({ name: scope(rule) }) : m.rules_as_all());

/** What holds in a column where no row decides. */
const otherwise: Record<string, () => string> = { loan: m.rules_default_loan, limits: m.rules_default_none, renewals: m.rules_default_none, holds: m.rules_default_holds, money: m.rules_default_money };
export const undecided = (column: string) => otherwise[column]?.() ?? "";

/** Everything a rule sets or falls back on in some values, in phrases: its own, and those of other rows with the row they come from. */
export function phrases(rules: Rule[], rule: Rule, names: readonly Term[], currency: string): { own: string[]; from: { rule: Rule; words: string[] }[] } {
  const own = pick(rule.terms, names);
  const others = new Map<Rule, Terms>();
  for (const name of names) {
    const other = name in own ? undefined : source(rules, rule, name);
    if (other) others.set(other, { ...others.get(other), [name]: other.terms[name] });
  }
  const all = [own, ...others.values()].reduce((sum, terms) => ({ ...terms, ...sum }), {});
  return { own: words(own, all, currency), from: [...others].map(([rule, terms]) => ({ rule, words: words(terms, all, currency) })).filter(({ words }) => words.length) };
}

function pick(terms: Terms, names: readonly Term[]): Terms {
  return Object.fromEntries(names.filter((name) => terms[name] !== undefined).map((name) => [name, terms[name]]));
}

/** What one value says by itself. */
export function phrase(terms: Terms, name: Term, currency: string): string {
  const one = pick(terms, [name]);
  return joined(words(one, one, currency));
}

/** Phrases for values; all is what holds in the end, for what is not lent needs no period. */
function words(terms: Terms, all: Terms, currency: string): string[] {
  const said: string[] = [];
  const say = (...texts: string[]) => said.push(...texts);
  if (terms.for_loan !== undefined) if (!terms.for_loan) say(m.rules_not_lent()); else if (all.loan_days === undefined) say(m.rules_lent());
  if (all.for_loan !== false) {
    if (terms.loan_days !== undefined) say(period(terms.loan_days));
    if (terms.due_mode) say(modes[terms.due_mode]?.() ?? terms.due_mode);
    if (terms.renewal_limit !== undefined) say(renewals(terms.renewal_limit));
  }
  if (terms.loan_limit !== undefined) say(m.rules_loan_limit({ n: terms.loan_limit }));
  if (terms.type_limit !== undefined) say(m.rules_type_limit({ n: terms.type_limit }));
  if (terms.title_limit !== undefined) say(m.rules_title_limit({ n: terms.title_limit }));
  if (terms.overdue_limit !== undefined) say(terms.overdue_limit ? m.rules_overdue_limit({ n: terms.overdue_limit }) : m.rules_overdue_never());
  if (terms.claim_limit !== undefined) say(m.rules_claim_limit({ n: terms.claim_limit }));
  say(...holds(terms, all), ...money(terms, currency));
  return said;
}

const modes: Record<string, () => string> = { library_day: m.rules_mode_library_day, skip_closed: m.rules_mode_skip_closed, next_open: m.rules_mode_next_open };

/** "3 weeks", "10 days", "the same day". */
function period(days: number): string {
  if (days === 0) return m.rules_same_day();
  return days % 7 === 0 ? m.rules_weeks({ n: days / 7 }) : m.rules_days({ n: days });
}

function renewals(n: number): string {
  if (n === 0) return m.rules_renew_never();
  if (n === 1) return m.rules_renew_once();
  return n === 2 ? m.rules_renew_twice() : m.rules_renew_times({ n });
}

function holds(terms: Terms, all: Terms): string[] {
  if (all.hold_allowed === false) return terms.hold_allowed === false ? [m.rules_holds_no()] : [];
  const said: string[] = [];
  if (terms.hold_allowed && all.hold_limit === undefined) said.push(m.rules_holds_yes());
  if (terms.hold_limit !== undefined) said.push(m.rules_hold_limit({ n: terms.hold_limit }));
  if (terms.pickup_days !== undefined) said.push(m.rules_pickup_days({ n: terms.pickup_days }));
  return said;
}

function money(terms: Terms, currency: string): string[] {
  const spell = (cents: number) => new Intl.NumberFormat(locale.current, { style: "currency", currency }).format(cents / 100);
  const said: string[] = [];
  if (terms.fee_per_day_cents !== undefined) said.push(m.rules_fee_per_day({ amount: spell(terms.fee_per_day_cents) }));
  if (terms.fee_grace_days !== undefined) said.push(m.rules_fee_grace({ n: terms.fee_grace_days }));
  if (terms.fee_cap_cents !== undefined) said.push(m.rules_fee_cap({ amount: spell(terms.fee_cap_cents) }));
  if (terms.fee_limit_cents !== undefined) said.push(m.rules_fee_limit({ amount: spell(terms.fee_limit_cents) }));
  if (terms.lost_fee_cents !== undefined) said.push(m.rules_lost_fee({ amount: spell(terms.lost_fee_cents) }));
  if (terms.processing_fee_cents !== undefined) said.push(m.rules_processing_fee({ amount: spell(terms.processing_fee_cents) }));
  return said;
}

/** Phrases as one sentence: "2 books, 3 weeks, renew twice". */
export const joined = (parts: string[]) => parts.join(", ");
