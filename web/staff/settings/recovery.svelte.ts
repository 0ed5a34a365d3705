import { ask } from "../api";
import { Attempt } from "./attempt.svelte";

/** The sheet with codes that open a librarian's account when the password is lost. */
export class Recovery {
  state = $state.raw<{ made: string | null; left: number } | null>(null);
  /** The codes just made; they are shown this once. */
  codes = $state.raw<string[] | null>(null);
  readonly loading = new Attempt();
  readonly attempt = new Attempt();

  open = () => this.loading.read(async () => (this.state = await ask("recovery")));

  make = () =>
    this.attempt.run(async () => {
      this.codes = (await ask<{ codes: string[] }>("recovery", { method: "POST", body: {} })).codes;
      this.state = await ask("recovery");
    });
}
