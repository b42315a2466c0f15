import type { Delivery } from "./outbox.ts";

/** A receiver that has not answered after so long (ms) is tried again later. */
const SEND_MS = 5000;

/** Sends one request to a receiver, whose answer is its status alone; rejects where none came in time. */
export async function send({ url, headers, body }: Delivery): Promise<number> {
  const signal = AbortSignal.timeout(SEND_MS);
  // Where a receiver redirects to nobody has looked at.
  const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
  await response.body?.cancel();
  return response.status;
}
