/** Quiet grounds for initials; dark ink reads on each at more than 7:1. */
const tones = ["#CFE3E8", "#F3DDB0", "#F0CFC6", "#D7E3C8", "#DDD3EA", "#C9DDF0"] as const;

/** The ground of a person's initials: always the same for the same name. */
export function toneOf(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) >>> 0;
  return tones[sum % tones.length]!;
}
