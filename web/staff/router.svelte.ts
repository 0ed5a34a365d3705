/** Where the person is: the part of the address behind the #, so that the server serves one page only. */
function read() {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { place: path, query: new URLSearchParams(query) };
}

let current = $state.raw(read());
window.addEventListener("hashchange", () => (current = read()));

export const router = {
  get place(): string {
    return current.place;
  },
  get query(): URLSearchParams {
    return current.query;
  },
  /** Writes the query of this place without a new step in the history. */
  note(query: URLSearchParams) {
    const text = query.toString();
    history.replaceState(null, "", `#/${current.place}${text && `?${text}`}`);
  },
};
