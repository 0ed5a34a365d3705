import { Setting } from "../settings/setting.svelte";
import type { Approval } from "./types";

export type BudgetSettings = { approval: Approval; prefix: string; next: number | string | null; bill_to: string; ship_to: string };

/** Who approves orders, how they are numbered, and the addresses on them. */
export const budgetSettings = new Setting<BudgetSettings>("settings/budget");
