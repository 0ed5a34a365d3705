import type { Answer } from "../shared/http";
import type { KeptAct, Replayed } from "./door";
import type { Queue, Queued } from "./queue";

/** The most acts in one request; the server takes five times as many. */
const MOST = 200;

type Send = (acts: KeptAct[]) => Promise<Answer<Replayed>>;

/**
 * Sends the queue in its order. An act leaves it only when the server has named its key; what the server cannot read is passed
 * over and stays. Ends early when the server does not want to hear this kiosk now. Throws Away when it gives no answer.
 */
export async function replay(queue: Queue, send: Send): Promise<void> {
  for (let after = 0; ; ) {
    const acts = await queue.next(after, MOST);
    if (!acts.length || !(await deliver(acts, queue, send))) return;
    after = acts.at(-1)!.n;
  }
}

/** Sends some acts, and halves of them when the server takes offence at one. False when it wants none at all. */
async function deliver(acts: Queued[], queue: Queue, send: Send): Promise<boolean> {
  const { status, data } = await send(acts.map(({ n: _place, ...act }) => act));
  if (status === 401 || status === 423 || status === 429) return false;
  if (status === 200) {
    const answered = new Set(data.results.map((result) => result.key));
    await queue.remove(acts.filter((act) => answered.has(act.key)));
    return true;
  }
  if (acts.length === 1) return true;
  const half = acts.length >> 1;
  return (await deliver(acts.slice(0, half), queue, send)) && deliver(acts.slice(half), queue, send);
}
