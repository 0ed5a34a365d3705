import { m } from "../../shared/paraglide/messages";
import { account } from "../account.svelte";
import { ask } from "../api";
import { Attempt } from "../settings/attempt.svelte";
import { toasts } from "../toasts.svelte";
import { Deed } from "./deed.svelte";
import type { Vendor } from "./types";

export type VendorDraft = Omit<Vendor, "id" | "updated" | "discount"> & { discount: string };

/** Who sells to the library. */
class Vendors {
  all = $state.raw<Vendor[]>([]);
  readonly loading = new Attempt();

  load = () => this.loading.read(async () => void (this.all = (await ask<{ vendors: Vendor[] }>("budget/vendors")).vendors));

  reset() {
    this.all = [];
  }
}

export const vendors = new Vendors();
account.onLeave(() => vendors.reset());

/** Hundredths of a percent as they are typed: "15", "12.5"; null for what is none. */
export function readPercent(text: string): number | null {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?%?$/.exec(text.replaceAll(/\s/g, ""));
  const value = match ? Number(match[1]! + (match[2] ?? "").padEnd(2, "0")) : null;
  return value !== null && value <= 10_000 ? value : null;
}

export function typedPercent(hundredths: number): string {
  if (!hundredths) return "";
  const text = String(hundredths).padStart(3, "0");
  return `${text.slice(0, -2)}.${text.slice(-2)}`.replace(/\.?0+$/, "");
}

/** A vendor as it is typed. */
export class VendorForm {
  draft = $state<VendorDraft>({ name: "", account: "", email: "", phone: "", address: "", note: "", discount: "" });
  theirs = $state.raw<Vendor | null>(null);
  readonly deed = new Deed();
  #updated: string;

  constructor(readonly vendor: Vendor | null) {
    this.#updated = vendor?.updated ?? "";
    if (vendor) this.take(vendor);
  }

  take({ name, account, email, phone, address, note, discount, updated }: Vendor) {
    this.draft = { name, account, email, phone, address, note, discount: typedPercent(discount) };
    this.#updated = updated;
    this.theirs = null;
    this.deed.attempt.clear();
  }

  keepMine(): Promise<Vendor | null> {
    if (this.theirs) this.#updated = this.theirs.updated;
    this.theirs = null;
    return this.save();
  }

  async save(): Promise<Vendor | null> {
    const { attempt } = this.deed;
    const draft = $state.snapshot(this.draft);
    const discount = draft.discount.trim() ? readPercent(draft.discount) : 0;
    if (discount === null) {
      Object.assign(attempt, { field: "discount", text: m.budget_bad_percent() });
      return null;
    }
    let saved: Vendor | null = null;
    const after = async ({ vendor }: { vendor: Vendor }) => {
      saved = vendor;
      toasts.say(m.budget_fund_saved({ name: vendor.name }));
      await vendors.load();
    };
    if (this.vendor) await this.deed.send(`budget/vendors/${this.vendor.id}`, { updated: this.#updated, ...draft, discount }, after, "PATCH");
    else await this.deed.send("budget/vendors", { ...draft, discount }, after);
    if (!saved && attempt.code === "changed") this.theirs = attempt.data.current as Vendor;
    return saved;
  }
}
