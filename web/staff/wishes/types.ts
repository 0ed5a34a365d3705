/** Somebody asks for a book that the library should have. */
export type Wish = {
  id: string; updated: string; name: string; author: string; isbn: string; why: string; for: string; state: WishState; answer: string; by: string; asked_at: string;
  order: { id: string; number: string } | null; title: { id: string; title: string } | null;
};
export const wishStates = ["asked", "ordered", "here", "declined"] as const;
export type WishState = (typeof wishStates)[number];
