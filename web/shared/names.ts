/** "Gail Gibbons" for "Gibbons, Gail", "Martin Luther King, Jr." for "King, Martin Luther, Jr.": catalogues turn names round. A name of one part stays. */
export function spoken(name: string): string {
  const [family = "", given = "", ...more] = name.split(", ");
  return [given, family].filter(Boolean).join(" ") + (more.length ? `, ${more.join(", ")}` : "");
}
