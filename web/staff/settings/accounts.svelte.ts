import { m } from "../../shared/paraglide/messages";
import { account, type Role } from "../account.svelte";
import { ask, type Homeroom } from "../api";
import { toasts } from "../toasts.svelte";
import { Attempt } from "./attempt.svelte";

export type Member = { id: string; name: string; email: string; role: Role; homerooms: { id: string; name: string }[]; language: string; sample: boolean };
export type TypedMember = { id: string; name: string; email: string; role: Role; homerooms: string[] };

/** The accounts of the staff. */
export class Accounts {
  list = $state.raw<Member[] | null>(null);
  homerooms = $state.raw<Homeroom[]>([]);
  typed = $state<TypedMember | null>(null);
  /** A password of the server's making, shown once. */
  secret = $state.raw<{ name: string; email: string; password: string } | null>(null);
  removing = $state.raw<Member | null>(null);
  readonly attempt = new Attempt();
  readonly loading = new Attempt();

  open = () =>
    this.loading.read(async () => {
      const [{ staff }, { homerooms }] = await Promise.all([ask<{ staff: Member[] }>("staff"), ask<{ homerooms: Homeroom[] }>("homerooms")]);
      [this.list, this.homerooms] = [staff, homerooms];
    });

  edit(member?: Member) {
    this.attempt.clear();
    this.typed = member
      ? { id: member.id, name: member.name, email: member.email, role: member.role, homerooms: member.homerooms.map(({ id }) => id) }
      : { id: "", name: "", email: "", role: "aide", homerooms: [] };
  }

  save(): Promise<void> {
    return this.typed?.id ? this.#change($state.snapshot(this.typed)) : this.#add();
  }

  async #add(): Promise<void> {
    if (!this.typed) return;
    const { id: _, ...member } = $state.snapshot(this.typed);
    let password = "";
    const done = await this.attempt.run(async () => {
      ({ password } = await ask<{ password: string }>("staff", { method: "POST", body: { ...member, homerooms: rooms(member) } }));
    });
    if (!done) return;
    this.typed = null;
    this.secret = { name: member.name, email: member.email, password };
    await this.open();
  }

  async #change(typed: TypedMember): Promise<void> {
    const before = this.list?.find(({ id }) => id === typed.id);
    if (!(await this.attempt.run(() => this.#patch(typed.id, { name: typed.name, email: typed.email, role: typed.role, homerooms: rooms(typed) })))) return;
    this.typed = null;
    toasts.say(m.accounts_saved({ name: typed.name }), () => {
      if (before) void this.attempt.run(() => this.#patch(before.id, { name: before.name, email: before.email, role: before.role, homerooms: before.homerooms.map(({ id }) => id) }));
    });
  }

  async reset(member: Member): Promise<void> {
    await this.attempt.run(async () => {
      const { password } = await ask<{ password: string }>(`staff/${member.id}/password`, { method: "POST", body: {} });
      this.secret = { name: member.name, email: member.email, password };
    });
  }

  async remove(): Promise<void> {
    const member = this.removing;
    if (!member) return;
    if (!(await this.attempt.run(() => ask(`staff/${member.id}`, { method: "DELETE" })))) return;
    this.removing = null;
    this.list = (this.list ?? []).filter(({ id }) => id !== member.id);
    toasts.say(m.settings_removed({ name: member.name }));
  }

  async #patch(id: string, fields: Record<string, unknown>): Promise<void> {
    const changed = await ask<Member>(`staff/${id}`, { method: "PATCH", body: fields });
    this.list = (this.list ?? []).map((member) => (member.id === id ? changed : member));
    if (id === account.person?.id) await account.refresh();
  }
}

/** Homerooms are a teacher's. */
const rooms = ({ role, homerooms }: { role: Role; homerooms: string[] }) => (role === "teacher" ? homerooms : []);
