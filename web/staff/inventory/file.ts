import { locale } from "../../shared/locale.svelte";
import { account } from "../account.svelte";
import { refused, type Fault } from "../api";

/** Fetches a file and keeps it as a download. */
export async function download(path: string, name: string): Promise<void> {
  const response = await fetch(`/api/carrel/${path}`, { headers: { Authorization: account.token, "Accept-Language": locale.current } });
  if (response.status === 401) {
    await account.again();
    return download(path, name);
  }
  if (!response.ok) throw refused(response.status, (await response.json().catch(() => null)) as Fault);
  const url = URL.createObjectURL(await response.blob());
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
