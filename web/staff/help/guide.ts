import type { IconName } from "../../shared/icons";
import { m } from "../../shared/paraglide/messages";
import type { Role } from "../account.svelte";
import { places } from "../places";

/** A thing a new person asks: what to do, one step after the other, and the screens it is done on (place and tab). */
export type Answer = { id: string; icon: IconName; title: () => string; steps: (() => string)[]; roles: readonly Role[]; screens: readonly (readonly [string, string])[] };

const desk: readonly Role[] = ["librarian", "aide", "volunteer"];
const people: readonly Role[] = ["librarian", "aide"];
const readers: readonly Role[] = ["teacher", "principal", "coordinator"];

const everything: readonly Answer[] = [
  { id: "lend", icon: "desk", title: m.help_lend, steps: [m.help_lend_1, m.help_lend_2, m.help_lend_3, m.help_lend_4], roles: desk, screens: [["desk", "person"]] },
  { id: "return", icon: "redo", title: m.help_return, steps: [m.help_return_1, m.help_return_2, m.help_return_3], roles: desk, screens: [["desk", "person"]] },
  { id: "undo", icon: "undo", title: m.help_undo, steps: [m.help_undo_1, m.help_undo_2, m.help_undo_3], roles: desk, screens: [["desk", "person"]] },
  { id: "slips", icon: "print", title: m.help_slips, steps: [m.help_slips_1, m.help_slips_2, m.help_slips_3], roles: people, screens: [["people", "late"]] },
  { id: "question", icon: "help", title: m.help_question, steps: [m.help_question_1, m.help_question_2, m.help_question_3], roles: ["librarian"], screens: [["today", "questions"]] },
  { id: "away", icon: "wifioff", title: m.help_away, steps: [m.help_away_1, m.help_away_2, m.help_away_3, m.help_away_4], roles: desk, screens: [] },
  { id: "paper", icon: "list", title: m.help_paper, steps: [m.help_paper_1, m.help_paper_2], roles: ["librarian"], screens: [["settings", "doctor"]] },
  { id: "inventory", icon: "books", title: m.help_inventory, steps: [m.help_inventory_1, m.help_inventory_2, m.help_inventory_3], roles: desk, screens: [["catalog", "inventory"]] },
  { id: "lesson", icon: "teach", title: m.help_lesson, steps: [m.help_lesson_1, m.help_lesson_2, m.help_lesson_3, m.help_lesson_4], roles: ["librarian"], screens: [["teaching", "lessons"], ["teaching", "calendar"]] },
  { id: "check", icon: "okc", title: m.help_check, steps: [m.help_check_1, m.help_check_2, m.help_check_3, m.help_check_4], roles: ["librarian"], screens: [["teaching", "checks"]] },
  { id: "budget", icon: "money", title: m.help_budget, steps: [m.help_budget_1, m.help_budget_2, m.help_budget_3, m.help_budget_4], roles: ["librarian"], screens: [["budget", "funds"], ["budget", "orders"]] },
  { id: "onepage", icon: "report", title: m.help_onepage, steps: [m.help_onepage_1, m.help_onepage_2, m.help_onepage_3], roles: ["librarian", "principal"], screens: [["reports", "all"]] },
  { id: "asklesson", icon: "teach", title: m.help_asklesson, steps: [m.help_asklesson_1, m.help_asklesson_2], roles: ["teacher"], screens: [["teaching", "calendar"], ["budget", "wishes"]] },
  { id: "search", icon: "search", title: m.help_search, steps: [m.help_search_1, m.help_search_2], roles: readers, screens: [["catalog", "search"]] },
  { id: "counts", icon: "teach", title: m.help_counts, steps: [m.help_counts_1, m.help_counts_2], roles: ["teacher"], screens: [["people", "classes"]] },
];

/** What a role asks, with the screens it may open. */
export function guide(role: Role): (Omit<Answer, "screens"> & { screens: { place: string; tab: string; name: string }[] })[] {
  const mine = places(role);
  const found = (id: string, tab: string) => {
    const place = mine.find((place) => place.id === id);
    const screen = place?.tabs.find((each) => each.id === tab);
    return place && screen ? [{ place: id, tab, name: place.tabs.length > 1 ? screen.name() : place.name() }] : [];
  };
  return everything.filter(({ roles }) => roles.includes(role)).map((answer) => ({ ...answer, screens: answer.screens.flatMap(([place, tab]) => found(place, tab)) }));
}
