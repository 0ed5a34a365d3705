import { locale } from "./locale.svelte";

/** How long an answer may take, in milliseconds, before the server counts as away. */
const PATIENCE = 10_000;

/** The server did not answer, or could not: nothing is known about the request. Send it again as it was. */
export class Away extends Error {
  override name = "Away";
}

/** What the server said. */
export type Answer<T = unknown> = { status: number; data: T };

export type Request = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON; a Blob, such as a file, is sent as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds to wait for the answer, where the server has more to do than usual. */
  patience?: number;
};

/** Sends JSON and reads JSON. Throws Away when there is no answer; a refusal is an answer. */
export async function send<T>(path: string, { method = "GET", body, headers, signal, patience = PATIENCE }: Request = {}): Promise<Answer<T>> {
  const enough = AbortSignal.timeout(patience);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers: { "Accept-Language": locale.current, ...(body === undefined || body instanceof Blob ? {} : { "Content-Type": "application/json" }), ...headers },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, enough]) : enough,
      cache: "no-store",
    });
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Away("no answer", { cause });
  }
  // A plain 500 is an answer: the request failed there, and would fail again. The others mean that nobody was in.
  if (response.status > 500) throw new Away(`status ${response.status}`);
  return { status: response.status, data: parse(text) as T };
}

function parse(text: string): unknown {
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Away("not the server's own answer", { cause });
  }
}
