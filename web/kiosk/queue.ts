import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { KeptAct } from "./door";

/** An act as it lies in the queue; n counts up and is its place. */
export type Queued = KeptAct & { n: number };

interface Schema extends DBSchema {
  acts: { key: number; value: Queued; indexes: { key: string } };
}

const NAME = "carrel-kiosk";
const VERSION = 1;

/**
 * The acts of this kiosk that the server has not answered, in their order, in IndexedDB. An act counts as kept once it is on the
 * disk. A later version of the page must read what an earlier one kept. Every method fails where the browser keeps nothing.
 */
export class Queue {
  #db: Promise<IDBPDatabase<Schema>> | null = null;

  /** Keeps an act. A full disk and a browser without storage are errors. */
  async add(act: KeptAct): Promise<void> {
    const tx = (await this.#open()).transaction("acts", "readwrite", { durability: "strict" });
    await Promise.all([tx.store.add(act as Queued), tx.done]);
  }

  /** The first acts behind the place after, at most so many. */
  async next(after: number, most: number): Promise<Queued[]> {
    return (await this.#open()).getAll("acts", IDBKeyRange.lowerBound(after, true), most);
  }

  /** Drops acts that the server has answered. */
  async remove(acts: Queued[]): Promise<void> {
    const tx = (await this.#open()).transaction("acts", "readwrite");
    await Promise.all([...acts.map((act) => tx.store.delete(act.n)), tx.done]);
  }

  async count(): Promise<number> {
    return (await this.#open()).count("acts");
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const again = () => (this.#db = null);
    this.#db ??= openDB<Schema>(NAME, VERSION, {
      upgrade: (db) => db.createObjectStore("acts", { keyPath: "n", autoIncrement: true }).createIndex("key", "key", { unique: true }),
      // A newer page wants to change the shape: let it, and open anew.
      blocking: (_now, _wanted, event) => {
        (event.target as IDBDatabase).close();
        again();
      },
      terminated: again,
    });
    this.#db.catch(again);
    return this.#db;
  }
}
