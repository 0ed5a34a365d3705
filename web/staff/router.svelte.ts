import { to } from "./address";

export { to };

/** Where the person is: the part of the address behind the #, so that the server serves one page only. "#/people/students/204417?q=dia". */
function read() {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [place = "", tab = "", ...rest] = path.split("/").map(decode);
  return { place, tab, rest, query: new URLSearchParams(query) };
}

/** A half-typed % in an address is no reason to show nothing. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let current = $state.raw(read());
window.addEventListener("hashchange", () => (current = read()));

export const router = {
  get place(): string {
    return current.place;
  },
  get tab(): string {
    return current.tab;
  },
  /** What is open in the tab, such as the barcode of a patron. */
  get rest(): string[] {
    return current.rest;
  },
  get query(): URLSearchParams {
    return current.query;
  },
  go(...parts: string[]) {
    location.hash = to(...parts);
  },
  /** Writes the query of this place without a new step in the history. */
  note(query: URLSearchParams) {
    const text = query.toString();
    const path = location.hash.split("?")[0];
    history.replaceState(null, "", `${path || "#/"}${text && `?${text}`}`);
  },
};
