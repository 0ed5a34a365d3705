import type { IconName } from "../shared/icons";
import { m } from "../shared/paraglide/messages";
import type { Role } from "./account.svelte";

/** Settings stand at the foot of the rail. */
export type Place = { id: "desk" | "catalog" | "late" | "questions" | "kiosks"; icon: IconName; name: () => string; settings?: boolean };

const all: (Place & { roles: Role[] })[] = [
  { id: "desk", icon: "desk", name: m.place_desk, roles: ["librarian", "aide", "volunteer"] },
  { id: "catalog", icon: "books", name: m.place_catalog, roles: ["librarian", "aide", "volunteer", "teacher", "principal", "coordinator"] },
  { id: "late", icon: "mail", name: m.place_late, roles: ["librarian", "aide"] },
  { id: "questions", icon: "help", name: m.questions_place, roles: ["librarian"] },
  { id: "kiosks", icon: "card", name: m.place_kiosks, roles: ["librarian"], settings: true },
];

/** The places a role can use. What it cannot use is not shown at all; the server refuses it besides. */
export function places(role: Role): Place[] {
  return all.filter((place) => place.roles.includes(role));
}
