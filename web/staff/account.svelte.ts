import PocketBase, { ClientResponseError } from "pocketbase";
import { locale } from "../shared/locale.svelte";

/** Where the language a person chose on this device is kept. */
export const LANGUAGE = "carrel.language";

export type Role = "librarian" | "aide" | "volunteer" | "teacher" | "principal" | "coordinator";
export type Person = { name: string; email: string; role: Role };

const store = new PocketBase("/");

function signedIn(): Person | null {
  const record = store.authStore.record;
  if (!store.authStore.isValid || record?.collectionName !== "staff") return null;
  return { name: record.name || record.email, email: record.email, role: record.role };
}

let person = $state<Person | null>(signedIn());
store.authStore.onChange(() => (person = signedIn()));

/** Why a sign-in did not work. */
export type SignInProblem = "wrong" | "often" | "away";

/** The member of staff signed in on this device, with the token that proves it. */
export const account = {
  get person(): Person | null {
    return person;
  },
  get token(): string {
    return store.authStore.token;
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

  /** Renews the token, so that a role changed or taken away since yesterday is known today. */
  async refresh(): Promise<void> {
    if (!person) return;
    try {
      await store.collection("staff").authRefresh();
    } catch (error) {
      if (error instanceof ClientResponseError && [401, 403, 404].includes(error.status)) store.authStore.clear();
    }
  },

  signOut() {
    store.authStore.clear();
  },

  speak(language: string) {
    localStorage.setItem(LANGUAGE, language);
    locale.set(language);
  },
};

