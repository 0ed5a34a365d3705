import { locale } from "../../shared/locale.svelte";
import { account } from "../account.svelte";
import { refused, type Fault } from "../api";

/** Fetches a file of the server and hands it to the browser under a name. Throws Refused for a no. */
export async function save(path: string, name: string): Promise<void> {
  const response = await fetch(`/api/carrel/${path}`, { headers: { Authorization: account.token, "Accept-Language": locale.current } });
  if (response.status === 401 && account.person) {
    await account.again();
    return save(path, name);
  }
  if (!response.ok) throw refused(response.status, (await response.json().catch(() => null)) as Fault);
  const url = URL.createObjectURL(await response.blob());
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
