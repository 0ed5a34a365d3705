import { m } from "../../shared/paraglide/messages";

/** One run of what the library does by itself. */
export type Run = { job: string; slot: string; state: "running" | "done" | "failed"; started: string; ended?: string; error?: string; summary?: { tries?: number; result?: Record<string, unknown> } & Record<string, unknown> };

const names: Record<string, () => string> = { notices: m.jobs_notices, rebuild: m.jobs_rebuild, unlink: m.jobs_unlink, holds: m.jobs_holds, late: m.jobs_late, checks: m.jobs_checks, standing: m.jobs_standing };
const whys: Record<string, () => string> = { notices: m.jobs_notices_why, rebuild: m.jobs_rebuild_why, unlink: m.jobs_unlink_why, holds: m.jobs_holds_why, late: m.jobs_late_why, checks: m.jobs_checks_why, standing: m.jobs_standing_why };

/** What a job is called; one that is not known yet by its own word. */
export const jobName = (job: string) => names[job]?.() ?? job;
export const jobWhy = (job: string) => whys[job]?.() ?? "";

/** The failed runs first, then those that go on, then the others; each the newest first, as they came. */
export function inOrder(runs: Run[]): Run[] {
  const rank = { failed: 0, running: 1, done: 2 };
  return runs.map((run, i) => ({ run, i })).sort((a, b) => rank[a.run.state] - rank[b.run.state] || a.i - b.i).map(({ run }) => run);
}

/** What a run did, in a sentence. */
export function did({ job, state, error, summary }: Run): string {
  if (state === "failed") return error || m.jobs_failed_unsaid();
  if (state === "running") return m.jobs_running();
  const result = (summary?.result ?? summary ?? {}) as Record<string, unknown>;
  const n = (name: string) => (typeof result[name] === "number" ? (result[name] as number) : 0);
  if (job === "notices") return m.jobs_notices_did({ mail: n("sent"), paper: n("paper"), failed: n("failed") });
  if (job === "unlink") return m.jobs_unlink_did({ n: n("loans") });
  if (job === "late") return m.jobs_late_did({ n: n("late") });
  if (job === "holds") return m.jobs_holds_did({ n: n("expired") });
  if (job === "checks") return m.jobs_checks_did({ n: n("names") });
  if (job === "standing") return m.jobs_standing_did({ n: n("orders") });
  return job === "rebuild" ? m.jobs_rebuild_did() : m.jobs_done();
}
