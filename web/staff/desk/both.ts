/** A person and a book may have the same number. What was meant is remembered on this device, apart for when somebody is at the desk and when nobody is. */
export type Meant = "patron" | "item";

const key = (somebody: boolean) => `carrel.both.${somebody ? "somebody" : "nobody"}`;

export const both = {
  of(somebody: boolean): Meant | null {
    const kept = globalThis.localStorage?.getItem(key(somebody));
    return kept === "patron" || kept === "item" ? kept : null;
  },
  keep(somebody: boolean, meant: Meant) {
    globalThis.localStorage?.setItem(key(somebody), meant);
  },
  forget(somebody: boolean) {
    globalThis.localStorage?.removeItem(key(somebody));
  },
};
