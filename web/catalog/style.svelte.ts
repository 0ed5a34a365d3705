import type { Style } from "./api";

/** How the class cites; chosen once, it stays for the next book. */
class Chosen {
  current = $state<Style>("mla");
}

export const style = new Chosen();
