import { ask } from "../api";
import { router } from "../router.svelte";

/** Opens the set-up where it was left, when somebody comes in without an address while it is not finished. */
export async function resume(): Promise<void> {
  try {
    const { setup } = await ask<{ setup?: string }>("me");
    if (setup && !router.place) router.go("setup", setup);
  } catch {
    // Today says so, too.
  }
}
