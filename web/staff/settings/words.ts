import { m } from "../../shared/paraglide/messages";
import type { Role } from "../account.svelte";

/** A grade as people call it: "Kindergarten", "Grade 8". */
export function gradeName(grade: string): string {
  if (grade === "PK") return m.settings_grade_pk();
  return grade === "K" ? m.settings_grade_k() : m.settings_grade({ grade });
}

const roleNames: Record<Role, () => string> = {
  librarian: m.role_librarian, aide: m.role_aide, volunteer: m.role_volunteer, teacher: m.role_teacher, principal: m.role_principal, coordinator: m.role_coordinator,
};
const roleWords: Record<Role, () => string> = {
  librarian: m.role_librarian_may, aide: m.role_aide_may, volunteer: m.role_volunteer_may, teacher: m.role_teacher_may, principal: m.role_principal_may, coordinator: m.role_coordinator_may,
};
export const roles = Object.keys(roleNames) as Role[];
export const roleName = (role: Role) => roleNames[role]();
/** What a role may do, in a sentence. */
export const roleMay = (role: Role) => roleWords[role]();
