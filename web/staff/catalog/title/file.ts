import { locale } from "../../../shared/locale.svelte";
import { account } from "../../account.svelte";
import { refused, type Fault } from "../../api";

/** Fetches the record of a title with its copies and hands it to the browser as a file. */
export async function exportRecord(id: string, name: string): Promise<void> {
  const response = await fetch("/api/carrel/exports", {
    method: "POST",
    headers: { Authorization: account.token, "Accept-Language": locale.current, "Content-Type": "application/json" },
    body: JSON.stringify({ selection: { titles: [id] }, format: "marc", items: true }),
  });
  if (!response.ok) throw refused(response.status, (await response.json().catch(() => null)) as Fault);
  const url = URL.createObjectURL(await response.blob());
  Object.assign(document.createElement("a"), { href: url, download: `${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "title"}.mrc` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
