import { ask } from "../api";
import { Attempt } from "./attempt.svelte";
import { Setting } from "./setting.svelte";

export type Mail = {
  enabled: boolean; host: string; port: number | string | null; username: string; has_password: boolean; tls: "starttls" | "tls" | "none"; sender_name: string; sender_address: string;
  /** Goes in and never comes out. */
  password: string;
};

/** The mail server, as it is typed. */
export const mail = new Setting<Mail>("settings/mail", { password: "" });

/** A letter to oneself: it waits for the mail server's own answer. */
export class TestMail {
  address = $state("");
  said = $state("");
  readonly attempt = new Attempt();
  /** How long a mail server may take, in milliseconds. */
  static readonly PATIENCE = 60_000;

  send(): Promise<boolean> {
    this.said = "";
    return this.attempt.run(async () => {
      this.said = (await ask<{ message: string }>("notices/test", { method: "POST", body: { address: this.address.trim() }, patience: TestMail.PATIENCE })).message;
    });
  }
}
