import { Away } from "../../shared/http";
import { locale } from "../../shared/locale.svelte";
import { account } from "../account.svelte";
import { refused, type Fault } from "../api";

/** How long nothing may move, in milliseconds, before the line counts as cut. A school's network drops a connection without a word. */
const STALL = 60_000;

type Watch = { progress: (sent: number) => void; signal: AbortSignal };

/**
 * Sends a file and tells how much of it is away, which fetch cannot. Throws Refused for a no, Away when the line was cut, and the
 * signal's reason when it was cancelled.
 */
export async function upload<T>(path: string, file: File, watch: Watch): Promise<T> {
  const { status, text } = await sendFile(path, file, watch);
  if (status === 401 && account.person) {
    await account.again();
    return upload(path, file, watch);
  }
  const data: unknown = text ? JSON.parse(text) : null;
  if (status < 300) return data as T;
  if (status > 500) throw new Away(`status ${status}`);
  throw refused(status, data as Fault);
}

function sendFile(path: string, file: File, { progress, signal }: Watch): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => request.abort(), STALL);
    };
    const cancel = () => request.abort();
    const end = (settle: () => void) => {
      clearTimeout(stalled);
      signal.removeEventListener("abort", cancel);
      settle();
    };
    request.open("POST", `/api/carrel/${path}`);
    request.setRequestHeader("Authorization", account.token);
    request.setRequestHeader("Accept-Language", locale.current);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => {
      alive();
      progress(loaded);
    };
    request.onload = () => end(() => resolve({ status: request.status, text: request.responseText }));
    request.onerror = () => end(() => reject(new Away("the line was cut")));
    request.onabort = () => end(() => reject(signal.aborted ? (signal.reason as Error) : new Away("nothing moved any more")));
    signal.addEventListener("abort", cancel);
    alive();
    request.send(file);
  });
}
