// MARC records as another system would export them (ISO 2709), written by the tests themselves.

const END = '\x1e';
const encoder = new TextEncoder();
const bytes = (text) => encoder.encode(text).length;
const padded = (n, width) => String(n).padStart(width, '0');

/** One record of fields such as ['001', '7'] and ['245', '10', { a: 'Hatchet' }]. */
export function marc(fields) {
  let directory = '';
  let data = '';
  for (const [tag, first, subfields] of fields) {
    const value = (subfields ? first + Object.entries(subfields).map(([code, text]) => `\x1f${code}${text}`).join('') : first) + END;
    directory += tag + padded(bytes(value), 4) + padded(bytes(data), 5);
    data += value;
  }
  const base = 24 + directory.length + 1;
  const length = base + bytes(data) + 1;
  return `${padded(length, 5)}nam a22${padded(base, 5)} a 4500${directory}${END}${data}\x1d`;
}

/** A book with one copy as Destiny writes it; copy is its 852. */
export const book = (number, title, copy, more = []) =>
  marc([['001', number], ['003', 'OldSystem'], ['100', '1 ', { a: 'Paulsen, Gary' }], ['245', '10', { a: title }], ...more, ['852', '  ', copy]]);
