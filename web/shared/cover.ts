/** How the generated cloth cover of a title looks, on a ground of 120 by 180. */
export type Cloth = {
  ground: string;
  ink: string;
  motif: Motif;
  flip: boolean;
  /** The title in lines that fit, and the size of their letters. */
  lines: string[];
  size: number;
  /** The author in one line, empty when nobody is named. */
  by: string;
  bySize: number;
};

export const motifs = ["hills", "waves", "orbit", "sun", "panels", "rings", "leaves", "stars", "moon", "web", "paws", "comb", "smile"] as const;
export type Motif = (typeof motifs)[number];

/** Ground and ink: cloth and foil pairs with at least 4.5:1 between them. The first ones are dark enough for a night sky. */
const cloths: [string, string][] = [
  ["#1D3B5C", "#F0C869"],
  ["#141F3D", "#F2D98A"],
  ["#3B2A5C", "#9BD3E8"],
  ["#22394F", "#F4E8C8"],
  ["#5D3566", "#E6C9EE"],
  ["#2F5D46", "#F3E3B6"],
  ["#7A2B3A", "#F3C86B"],
  ["#17626B", "#CFE5E8"],
  ["#A03F27", "#FBEBD3"],
  ["#3E505B", "#F2ECD8"],
  ["#E3B23C", "#1D3B5C"],
  ["#9CC7DB", "#12313F"],
  ["#F0E6CC", "#2F5D46"],
  ["#27505A", "#E9DDBE"],
];
const NIGHT = 4;
const night = new Set<Motif>(["orbit", "stars", "moon"]);

/** What words of a title, in English or Spanish, ask for. The first that fits decides; without one the title's own seed does. */
const asks: [Motif, RegExp][] = [
  ["orbit", /\b(space|planets?|galax\w*|universe?|solar|rockets?|astronaut\w*|mars|orbit|espacio|planetas?|universo|cohetes?)\b/],
  ["moon", /\b(moon|night|owls?|bedtime|dark|luna|noche|búhos?|goodnight)\b/],
  ["stars", /\b(stars?|magic\w*|wish\w*|wizards?|witch\w*|princess\w*|estrellas?|magia|brujas?|princesas?)\b/],
  ["waves", /\b(seas?|oceans?|sharks?|whales?|fish\w*|rivers?|water|rain\w*|ships?|boats?|pirates?|mermaids?|dolphins?|swim\w*|island|mar|océano|tibur\w+|ballenas?|peces|río|agua|lluvia|piratas?|sirenas?)\b/],
  ["comb", /\b(bees?|honey\w*|hive|abejas?|miel)\b/],
  ["web", /\b(spiders?|webs?|charlotte's|arañas?)\b/],
  ["paws", /\b(dogs?|cats?|pupp\w+|kittens?|bears?|wol(f|ves)|fox\w*|animals?|tigers?|lions?|pets?|zoo|horses?|perros?|gatos?|osos?|lobos?|zorros?|animales|tigres?|leones)\b/],
  ["leaves", /\b(trees?|gardens?|plants?|seeds?|flowers?|forests?|woods?|leaf|leaves|jungle|grow\w*|árbol\w*|jardín|plantas?|flores?|bosque|selva)\b/],
  ["hills", /\b(mountains?|wild|hills?|trails?|dinosaurs?|volcano\w*|dragons?|west|prairie|camp\w*|montañas?|dinosaurios?|volc\w+|dragon\w*|salvaje)\b/],
  ["smile", /\b(smile|funny|laugh\w*|jokes?|silly|happy|sonris\w*|chistes?|risas?|feliz)\b/],
  ["sun", /\b(sun\w*|days?|summer|morning|desert|fire|light|sol|días?|verano|mañana|fuego|luz)\b/],
  ["rings", /\b(balls?|soccer|baseball|basketball|football|music|songs?|drums?|dance\w*|circles?|fútbol|música|canción|baile)\b/],
  ["panels", /\b(comics?|school|class\w*|kids?|diary|house|city|street|cómics?|escuela|clase|diario|casa|ciudad|calle)\b/],
];

/** The cover of a title: always the same for the same title, on every screen. */
export function clothFor(title: string, author = ""): Cloth {
  const folded = title.trim().toLocaleLowerCase().replaceAll("’", "'");
  const seed = hash(folded);
  const motif = asks.find(([, words]) => words.test(folded))?.[0] ?? motifs[(seed >>> 8) % motifs.length]!;
  const [ground, ink] = cloths[seed % (night.has(motif) ? NIGHT : cloths.length)]!;
  const by = author.trim();
  const bySize = Math.min(8.6, (8.6 * 101) / Math.max(1, width(by, 8.6) * 1.02));
  return { ground, ink, motif, flip: (seed >>> 16) % 2 === 1, ...set(title), by: bySize < 5.4 ? cut(by, 101, 5.4) : by, bySize: Math.max(5.4, bySize) };
}

/** FNV-1a, 32 bits: small, and spreads short strings well. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** Sizes that are tried for a title, with how many lines of each stand above the motif. */
const sizes: [number, number][] = [[17, 3], [14.5, 4], [12.5, 5], [10.5, 6]];
const ROOM = 104;

/** The largest letters in which the title fits. One that fits in none is cut off, and so is a word that is wider than the cover. */
function set(title: string): Pick<Cloth, "lines" | "size"> {
  const words = title.split(/\s+/).filter(Boolean);
  for (const [size, most] of sizes) {
    if (words.some((word) => width(word, size) > ROOM)) continue;
    const lines = wrap(words, size);
    if (lines.length <= most) return { lines, size };
  }
  const [size, most] = sizes.at(-1)!;
  const lines = wrap(words.flatMap((word) => pieces(word, size)), size);
  if (lines.length <= most) return { lines, size };
  return { lines: [...lines.slice(0, most - 1), cut(lines.slice(most - 1).join(" "), ROOM, size, true)], size };
}

function wrap(words: string[], size: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length && width(longer, size) <= ROOM) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A word wider than the cover in pieces with hyphens. */
function pieces(word: string, size: number): string[] {
  const found: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (width(`${piece}${letter}-`, size) > ROOM && piece) {
      found.push(`${piece}-`);
      piece = "";
    }
    piece += letter;
  }
  return [...found, piece];
}

function cut(text: string, room: number, size: number, always = false): string {
  if (!always && width(text, size) <= room) return text;
  let kept = text;
  while (kept && width(`${kept}…`, size) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** How broad the letters of the book face are in bold, in twentieths of an em, as measured. */
const breadths = new Map(
  Object.entries({
    5: "'’ ", 7: "j.,:;!-", 8: 'il"()¡', 9: "ftI1“", 10: "”", 11: "crsz2?–", 12: "aevyJ356789¿", 13: "bgopqxFS04", 14: "dhknuBELPVYZ", 15: "ACRT", 16: "DGKOQUX", 17: "HN&", 18: "w", 19: "…", 20: "mM", 22: "W",
  }).flatMap(([breadth, letters]) => [...letters].map((letter) => [letter, Number(breadth) / 20] as const)),
);

/** How wide a text is at most; letters of other scripts count as broad ones. */
function width(text: string, size: number): number {
  let ems = 0;
  for (const letter of text.normalize("NFD").replaceAll(/\p{M}/gu, "")) ems += breadths.get(letter) ?? 1.05;
  return ems * size;
}
