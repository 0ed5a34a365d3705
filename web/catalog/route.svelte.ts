/** Where the child is: the part of the address behind the #, so that it can be shared and works below / and below /catalog/. */
function read() {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [place = "", id = ""] = path.split("/");
  return { place, id: decode(id), query: new URLSearchParams(query) };
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
/** True while the newest step came from a link, so that the page begins at its top; back and forward keep their place. */
let stepped = false;

window.addEventListener("hashchange", () => (current = read()));
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest('a[href^="#/"]')) stepped = true;
});

export const at = {
  home: "#/",
  mine: "#/mine",
  sources: "#/sources",
  book: (id: string) => `#/book/${encodeURIComponent(id)}`,
  list: (id: string) => `#/list/${encodeURIComponent(id)}`,
  search: (query: Record<string, string> | URLSearchParams) => `#/search?${new URLSearchParams(query)}`,
};

export const route = {
  get place(): string {
    return current.place;
  },
  get id(): string {
    return current.id;
  },
  get query(): URLSearchParams {
    return current.query;
  },
  go(address: string) {
    stepped = true;
    location.hash = address;
  },
  /** Another address for what is shown already, such as one more letter of a search: no step in the history. */
  note(address: string) {
    history.replaceState(null, "", address);
    current = read();
  },
  /** Whether the page shall begin at its top; asked once for each step. */
  get fresh(): boolean {
    const fresh = stepped;
    stepped = false;
    return fresh;
  },
};
