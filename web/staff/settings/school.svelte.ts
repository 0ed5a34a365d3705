import { Setting } from "./setting.svelte";

export type School = { name: string; short: string; language: string; zone: string; zones?: string[]; grades_from: string; grades_to: string; state: string };
export type Fees = { on: boolean; currency: string };
export type Privacy = { keep_days: number | string | null; titles: boolean };

/** What the school says of itself, whether it charges, and how long a loan names its reader: half-typed answers wait here. */
export const school = new Setting<School>("settings/school");
export const fees = new Setting<Fees>("settings/fees");
export const privacy = new Setting<Privacy>("settings/privacy");
