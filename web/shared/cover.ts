/** How the generated cloth cover of a title looks. */
export type Cloth = { ground: string; ink: string; motif: Motif; flip: boolean; lines: string[]; size: number };

export const motifs = ["hills", "waves", "orbit", "sun", "panels", "rings", "leaves", "stars", "moon", "web"] as const;
export type Motif = (typeof motifs)[number];

/** Ground and ink: cloth and foil pairs with at least 4.5:1 between them. */
const cloths: [string, string][] = [
  ["#1D3B5C", "#F0C869"],
  ["#2F5D46", "#F3E3B6"],
  ["#7A2B3A", "#F3C86B"],
  ["#5D3566", "#E6C9EE"],
  ["#17626B", "#CFE5E8"],
  ["#A03F27", "#FBEBD3"],
  ["#3E505B", "#F2ECD8"],
  ["#E3B23C", "#1D3B5C"],
  ["#9CC7DB", "#12313F"],
  ["#F0E6CC", "#2F5D46"],
  ["#141F3D", "#F2D98A"],
  ["#27505A", "#E9DDBE"],
];

/** The cover of a title: always the same for the same title, on every screen. */
export function clothFor(title: string): Cloth {
  const seed = hash(title.trim().toLocaleLowerCase());
  const [ground, ink] = cloths[seed % cloths.length]!;
  const longest = Math.max(...title.split(/\s+/).map((word) => word.length));
  const size = longest > 10 ? 13 : title.length > 34 ? 14.5 : 17;
  return { ground, ink, motif: motifs[(seed >>> 8) % motifs.length]!, flip: (seed >>> 16) % 2 === 1, lines: wrap(title, Math.floor(186 / size)), size };
}

/** FNV-1a, 32 bits: small, and spreads short strings well. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Breaks a title into at most four lines of about width letters; what is left over ends in an ellipsis. */
function wrap(title: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word.length > width ? `${word.slice(0, width - 1)}…` : word);
  }
  if (lines.length <= 4) return lines;
  return [...lines.slice(0, 3), `${lines[3]!.slice(0, width - 1)}…`];
}
