import PocketBase, { ClientResponseError } from "pocketbase";
import { locale } from "../shared/locale.svelte";

/** Where the language a person chose on this device is kept. */
export const LANGUAGE = "carrel.language";

export type Role = "librarian" | "aide" | "volunteer" | "teacher" | "principal" | "coordinator";
export type Person = { id: string; name: string; email: string; role: Role };

const store = new PocketBase("/");

function signedIn(): Person | null {
  const record = store.authStore.record;
  if (!store.authStore.isValid || record?.collectionName !== "staff") return null;
  return { id: record.id, name: record.name || record.email, email: record.email, role: record.role };
}

let person = $state<Person | null>(signedIn());
let expired = $state(false);
/** Requests that wait for the same person to sign in again. */
let waiting: { go: () => void; stop: (error: Error) => void }[] = [];

/** What is kept of a person's work on this page, and is dropped when they leave. */
const leaving = new Set<() => void>();

store.authStore.onChange(() => {
  const now = signedIn();
  if (expired && !now) return;
  if (person && now?.id !== person.id) for (const leave of leaving) leave();
  person = now;
});

/** Why a sign-in did not work. */
export type SignInProblem = "wrong" | "often" | "away";

/** The person left while something waited for them. */
export class SignedOut extends Error {
  override name = "SignedOut";
}

/** The member of staff signed in on this device, with the token that proves it. */
export const account = {
  /** PocketBase's own client, for what is not a command: signing in, and the line of live updates. */
  store,
  get person(): Person | null {
    return person;
  },
  get token(): string {
    return store.authStore.token;
  },
  /** The session ended while somebody was working. What they typed is still on the page, behind a curtain. */
  get expired(): boolean {
    return expired;
  },

  async signIn(email: string, password: string): Promise<SignInProblem | null> {
    try {
      const { record } = await store.collection("staff").authWithPassword(email.trim(), password);
      if (record.language && !localStorage.getItem(LANGUAGE)) locale.set(record.language);
      return null;
    } catch (error) {
      const status = error instanceof ClientResponseError ? error.status : 0;
      if (status === 429) return "often";
      return status >= 400 && status < 500 ? "wrong" : "away";
    }
  },

  /** Ends when the same person has signed in again; throws SignedOut when they left instead. */
  again(): Promise<void> {
    expired = true;
    return new Promise((go, stop) => waiting.push({ go, stop }));
  },

  /** Signs the same person in again and lets what waits go on. Somebody else must not meet what is on the page. */
  async goOn(password: string): Promise<SignInProblem | null> {
    const problem = await this.signIn(person?.email ?? "", password);
    if (problem) return problem;
    expired = false;
    person = signedIn();
    const all = waiting;
    waiting = [];
    for (const { go } of all) go();
    return null;
  },

  /** Renews the token, so that a role changed or taken away since yesterday is known today. */
  async refresh(): Promise<void> {
    if (!person) return;
    try {
      await store.collection("staff").authRefresh();
    } catch (error) {
      if (error instanceof ClientResponseError && [401, 403, 404].includes(error.status)) store.authStore.clear();
    }
  },

  /** Calls leave whenever a person signs out, so that the next one finds nothing of theirs. */
  onLeave(leave: () => void) {
    leaving.add(leave);
  },

  signOut() {
    expired = false;
    store.authStore.clear();
    const all = waiting;
    waiting = [];
    for (const { stop } of all) stop(new SignedOut());
  },

  speak(language: string) {
    localStorage.setItem(LANGUAGE, language);
    locale.set(language);
  },
};
