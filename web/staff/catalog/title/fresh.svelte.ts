import { account } from "../../account.svelte";
import { noFields, type Fields } from "./types";

const empty = (): Fields => ({ ...noFields, isbn: [], subjects: [], language: "eng" });

/** The title that is being typed in; it outlives its screen, and its key makes sure that it is added once. */
class Fresh {
  draft = $state<Fields>(empty());
  key = "";

  reset = () => {
    this.draft = empty();
    this.key = "";
  };
}

export const fresh = new Fresh();
account.onLeave(fresh.reset);
