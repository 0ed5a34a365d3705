import { ask } from "../api";
import { problem } from "../words";

/** Numbers of one homeroom; null, with a message, when the class is too small to hide a child. */
export type Counts = { homeroom: { id: string; name: string }; patrons: number | null; loans: number | null; overdue: number | null; titles?: string[]; message?: string };

/** The classes of the teacher who is signed in. */
export class Classes {
  list = $state.raw<Counts[] | null>(null);
  trouble = $state("");

  load = async (): Promise<void> => {
    try {
      const { homerooms = [] } = await ask<{ homerooms?: { id: string }[] }>("me");
      this.list = await Promise.all(homerooms.map(({ id }) => ask<Counts>(`homerooms/${id}/counts`)));
      this.trouble = "";
    } catch (error) {
      this.trouble = problem(error);
    }
  };
}
