/** A scan that the server has not answered yet, with the time at which it was made. */
export type KeptScan = { key: string; code: string; at: string };

const prefix = (staff: string, inventory: string) => `carrel.walk.${staff}.${inventory}.`;

/**
 * The scans of one person in one inventory that wait for the line, on this device: they are there after a reload and after the battery was
 * empty. Each lies under a name of its own, so that two pages do not write over each other; a scan is a barcode and says nothing of people.
 */
export class KeptScans {
  readonly #prefix: string;
  /** Those that this device has no room for; they wait in the page. */
  #homeless = new Map<string, KeptScan>();

  constructor(
    staff: string,
    inventory: string,
    private readonly store: Storage = localStorage,
  ) {
    this.#prefix = prefix(staff, inventory);
  }

  /** Keeps a scan; false when the device has no room, and it waits in the page only. */
  keep(scan: KeptScan): boolean {
    try {
      this.store.setItem(this.#prefix + scan.key, JSON.stringify(scan));
      return true;
    } catch {
      this.#homeless.set(scan.key, scan);
      return false;
    }
  }

  drop(key: string) {
    this.store.removeItem(this.#prefix + key);
    this.#homeless.delete(key);
  }

  /** All of them, in the order in which they were made. */
  all(): KeptScan[] {
    const names = Array.from({ length: this.store.length }, (_, i) => this.store.key(i) ?? "").filter((name) => name.startsWith(this.#prefix));
    const stored = names.flatMap((name) => {
      try {
        return [JSON.parse(this.store.getItem(name) ?? "") as KeptScan];
      } catch {
        return []; // somebody else wrote there
      }
    });
    return [...stored, ...this.#homeless.values()].sort((a, b) => a.at.localeCompare(b.at) || a.key.localeCompare(b.key));
  }
}
