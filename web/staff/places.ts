import type { Component } from "svelte";
import type { IconName } from "../shared/icons";
import { m } from "../shared/paraglide/messages";
import type { Role } from "./account.svelte";

/** One screen. It is fetched when it is first opened, so that a page carries its own script only. */
export type Tab = { id: string; name: () => string; roles: readonly Role[]; load: () => Promise<{ default: Component }> };

/** Where the tabs of a place stand: in the header, as a switch beside the name, or as a list at the side. */
type Shape = "tabs" | "switch" | "aside";

/** A place of the rail. Settings and help stand at its foot. */
export type Place = { id: string; icon: IconName; name: () => string; shape: Shape; foot?: boolean; tabs: readonly Tab[] };

const all: readonly Role[] = ["librarian", "aide", "volunteer", "teacher", "principal", "coordinator"];
const desk: readonly Role[] = ["librarian", "aide", "volunteer"];
const people: readonly Role[] = ["librarian", "aide"];
const head: readonly Role[] = ["librarian"];
const moneyed: readonly Role[] = ["librarian", "principal", "coordinator"];
const planning: readonly Role[] = ["librarian", "aide", "teacher"];
const counting: readonly Role[] = ["librarian", "principal"];

const everything: readonly Place[] = [
  {
    id: "today", icon: "today", name: m.place_today, shape: "tabs",
    tabs: [
      { id: "day", name: m.place_today, roles: people, load: () => import("./today/Today.svelte") },
      { id: "questions", name: m.questions_place, roles: head, load: () => import("./questions/Questions.svelte") },
    ],
  },
  {
    id: "desk", icon: "desk", name: m.place_desk, shape: "switch",
    tabs: [
      { id: "person", name: m.desk_person, roles: desk, load: () => import("./desk/Desk.svelte") },
      { id: "class", name: m.desk_class, roles: people, load: () => import("./desk/Class.svelte") },
    ],
  },
  {
    id: "catalog", icon: "books", name: m.place_catalog, shape: "tabs",
    tabs: [
      { id: "search", name: m.place_catalog_search, roles: all, load: () => import("./catalog/Place.svelte") },
      { id: "add", name: m.place_adds, roles: people, load: () => import("./adds/Add.svelte") },
      { id: "lists", name: m.lists_place, roles: people, load: () => import("./lists/Lists.svelte") },
      { id: "inventory", name: m.place_inventory, roles: desk, load: () => import("./inventory/Inventory.svelte") },
      { id: "holds", name: m.place_holds, roles: desk, load: () => import("./holds/Holds.svelte") },
      { id: "import", name: m.place_import, roles: head, load: () => import("./imports/BringBooks.svelte") },
    ],
  },
  {
    id: "people", icon: "people", name: m.place_people, shape: "tabs",
    tabs: [
      { id: "students", name: m.place_students, roles: people, load: () => import("./people/Students.svelte") },
      { id: "homerooms", name: m.place_homerooms, roles: people, load: () => import("./people/Homerooms.svelte") },
      { id: "late", name: m.place_late, roles: people, load: () => import("./notices/Late.svelte") },
      { id: "families", name: m.place_families, roles: head, load: () => import("./people/Families.svelte") },
      { id: "roster", name: m.place_roster, roles: head, load: () => import("./people/Roster.svelte") },
      { id: "classes", name: m.place_classes, roles: ["teacher"], load: () => import("./people/Classes.svelte") },
    ],
  },
  {
    id: "teaching", icon: "teach", name: m.place_teaching, shape: "tabs",
    tabs: [
      { id: "calendar", name: m.teach_tab_calendar, roles: planning, load: () => import("./teaching/Calendar.svelte") },
      { id: "lessons", name: m.teach_tab_lessons, roles: head, load: () => import("./teaching/Lessons.svelte") },
      { id: "checks", name: m.checks_place, roles: head, load: () => import("./checks/Checks.svelte") },
      { id: "standards", name: m.standards_place, roles: head, load: () => import("./standards/Standards.svelte") },
    ],
  },
  {
    id: "budget", icon: "money", name: m.place_budget, shape: "tabs",
    tabs: [
      { id: "funds", name: m.budget_funds, roles: moneyed, load: () => import("./budget/Funds.svelte") },
      { id: "orders", name: m.budget_orders, roles: moneyed, load: () => import("./budget/Orders.svelte") },
      { id: "grants", name: m.budget_grants, roles: moneyed, load: () => import("./budget/Grants.svelte") },
      { id: "cost", name: m.budget_cost, roles: moneyed, load: () => import("./budget/CostPerUse.svelte") },
      { id: "wishes", name: m.budget_wishes, roles: ["librarian", "teacher"], load: () => import("./wishes/Wishes.svelte") },
    ],
  },
  {
    id: "reports", icon: "report", name: m.place_reports, shape: "tabs",
    tabs: [
      { id: "all", name: m.reports_all, roles: counting, load: () => import("./reports/Reports.svelte") },
    ],
  },
  {
    id: "settings", icon: "gear", name: m.place_settings, shape: "aside", foot: true,
    tabs: [
      { id: "school", name: m.settings_tab_school, roles: head, load: () => import("./settings/SchoolTab.svelte") },
      { id: "calendar", name: m.settings_tab_calendar, roles: head, load: () => import("./settings/Calendar.svelte") },
      { id: "rules", name: m.settings_tab_rules, roles: head, load: () => import("./settings/RulesTab.svelte") },
      { id: "things", name: m.settings_tab_things, roles: head, load: () => import("./settings/ThingsTab.svelte") },
      { id: "staff", name: m.settings_tab_staff, roles: head, load: () => import("./settings/StaffTab.svelte") },
      { id: "recovery", name: m.settings_tab_recovery, roles: head, load: () => import("./settings/RecoveryTab.svelte") },
      { id: "map", name: m.map_tab, roles: head, load: () => import("./map/MapTab.svelte") },
      { id: "kiosks", name: m.place_kiosks, roles: head, load: () => import("./kiosks/Kiosks.svelte") },
      { id: "lookup", name: m.settings_tab_lookup, roles: head, load: () => import("./settings/LookupTab.svelte") },
      { id: "mail", name: m.settings_tab_mail, roles: head, load: () => import("./settings/MailTab.svelte") },
      { id: "notices", name: m.place_notices, roles: head, load: () => import("./notices/Schedules.svelte") },
      { id: "templates", name: m.place_templates, roles: head, load: () => import("./notices/Templates.svelte") },
      { id: "optouts", name: m.place_optouts, roles: head, load: () => import("./notices/OptOuts.svelte") },
      { id: "budget", name: m.place_budget, roles: head, load: () => import("./budget/BudgetTab.svelte") },
      { id: "printing", name: m.settings_tab_printing, roles: head, load: () => import("./settings/PrintingTab.svelte") },
      { id: "privacy", name: m.settings_tab_privacy, roles: head, load: () => import("./settings/PrivacyTab.svelte") },
      { id: "audit", name: m.settings_tab_audit, roles: head, load: () => import("./settings/AuditTab.svelte") },
      { id: "jobs", name: m.settings_tab_jobs, roles: head, load: () => import("./settings/JobsTab.svelte") },
      { id: "doctor", name: m.settings_tab_doctor, roles: head, load: () => import("./settings/DoctorTab.svelte") },
      { id: "device", name: m.settings_tab_device, roles: head, load: () => import("./settings/DeviceTab.svelte") },
    ],
  },
  {
    id: "help", icon: "help", name: m.place_help, shape: "tabs", foot: true,
    tabs: [
      { id: "guide", name: m.help_tab_guide, roles: all, load: () => import("./help/Guide.svelte") },
      { id: "keys", name: m.help_tab_keys, roles: all, load: () => import("./help/KeysHelp.svelte") },
      { id: "account", name: m.help_tab_account, roles: all, load: () => import("./help/Account.svelte") },
    ],
  },
];

/** The places a role can use, with the tabs it can use. What it cannot use is not shown at all; the server refuses it besides. */
export function places(role: Role): Place[] {
  const mine = everything.map((place) => ({ ...place, tabs: place.tabs.filter((tab) => tab.roles.includes(role)) })).filter((place) => place.tabs.length);
  // A principal comes for the numbers, and the first place is where one begins.
  return role === "principal" ? mine.toSorted((a, b) => Number(b.id === "reports") - Number(a.id === "reports")) : mine;
}
