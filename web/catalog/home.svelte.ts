import type { Home } from "./api";
import { Reader } from "./reader.svelte";

/** The home page, and the name of the school, which stands on every page. */
class HomeStore extends Reader<Home> {
  override read() {
    return super.read("/catalog/home");
  }
}

export const home = new HomeStore();
