/** The ISBN in a text, bare; empty when it is none. Only its shape is looked at: the server checks the digit, and says so. */
export function isbnOf(text: string): string {
  const bare = text.replaceAll(/[\s-]/g, "").toUpperCase();
  return /^(97[89]\d{10}|\d{9}[\dX])$/.test(bare) ? bare : "";
}

/** Ten and thirteen digits of one book share the nine in the middle. */
const middle = (isbn: string) => (isbn.length === 13 ? isbn.slice(3, 12) : isbn.slice(0, 9));

/** Tells whether two ISBNs name one book. Those that begin with 979 have no short form. */
export function sameIsbn(a: string, b: string): boolean {
  const [one, two] = [isbnOf(a), isbnOf(b)];
  if (!one || !two) return false;
  if (one.length === two.length) return one === two;
  return middle(one) === middle(two) && ![one, two].some((isbn) => isbn.startsWith("979"));
}
