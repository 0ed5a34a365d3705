import { account } from "./account.svelte";

/** What changed somewhere in the library: at another desk, at a kiosk, by a job. Never what or whose: a screen asks for that itself. */
export const changes = ["loans", "holds", "items", "patrons", "questions", "notices", "kiosks", "imports", "settings", "titles", "adds", "lists", "teaching", "checks", "budget"] as const;
export type Change = (typeof changes)[number];

type Ear = { kinds: readonly Change[]; hear: () => void };

const TOPIC = "carrel";
/** Many messages in a moment are one change, in milliseconds: a class checks out thirty books. */
const GATHER = 150;

const ears = new Set<Ear>();
const waiting = new Set<Ear>();
let connected = $state(false);
let since = $state<Date | null>(null);

function wake(kinds: readonly string[]) {
  const before = waiting.size;
  for (const ear of ears) if (ear.kinds.some((kind) => kinds.includes(kind))) waiting.add(ear);
  if (!before && waiting.size) setTimeout(tell, GATHER);
}

function tell() {
  const now = [...waiting];
  waiting.clear();
  for (const ear of now) if (ears.has(ear)) ear.hear();
}

/** The line on which the library tells what changed. There is no replay on it: after a gap everything is asked for again. */
export const live = {
  get connected(): boolean {
    return connected;
  },
  /** Since when the line has been up or down. */
  get since(): Date | null {
    return since;
  },

  /** Calls hear when something of these kinds changed. Returns the function that stops it, for an effect. */
  on(kinds: readonly Change[], hear: () => void): () => void {
    const ear = { kinds, hear };
    ears.add(ear);
    return () => void ears.delete(ear);
  },

  /** Listens for the member of staff who is signed in; returns the function that hangs up. */
  open(): () => void {
    const line = account.store.realtime;
    const state = (up: boolean) => {
      if (connected !== up || !since) since = new Date();
      connected = up;
    };
    let first = true;
    line.onDisconnect = () => state(false);
    const ends = [
      line.subscribe("PB_CONNECT", () => {
        state(true);
        if (!first) wake(changes);
        first = false;
      }),
      line.subscribe(TOPIC, ({ kinds }: { kinds: string[] }) => wake(kinds)),
    ];
    for (const end of ends) end.catch(() => state(false));
    return () => {
      for (const end of ends) void end.then((stop) => stop()).catch(() => {});
      connected = false;
      since = null;
    };
  },
};
