import type { Failure } from "../../policy/compiled.ts";
import type { Platform } from "../platform.ts";

/** What one request to one origin came to. A failure with a response is one the origin itself sent. */
export interface Attempt {
  readonly response: Response | undefined;
  readonly failure: Failure | undefined;
}

/**
 * Statuses with which Cloudflare's edge reports, in place of the origin, that it could not reach it
 * (developers.cloudflare.com, "Cloudflare 5xx errors"). They are not answers of the origin.
 */
const EDGE_FAILURES: Readonly<Record<number, Failure>> = {
  520: "network",
  521: "network",
  522: "timeout",
  523: "network",
  524: "timeout",
  525: "network",
  526: "network",
  530: "network",
};

const FAILING: Readonly<Record<number, Failure>> = { 502: 502, 503: 503, 504: 504 };

/** Whether a client can be given it: HTTP has no final status outside these, and the platform can build none. */
function isAnswer({ status, webSocket }: Response): boolean {
  return status === 101 ? webSocket !== null : status >= 200 && status <= 599;
}

/** One try: until the response head or `timeoutMs`, whichever comes first. A body may then take as long as it likes. */
export async function attempt(
  platform: Platform,
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<Attempt> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await platform.fetch(url, { ...init, signal: controller.signal });
    const edge = EDGE_FAILURES[response.status] ?? (isAnswer(response) ? undefined : "network");
    if (edge === undefined) return { response, failure: FAILING[response.status] };
    await discard(response);
    return { response: undefined, failure: edge };
  } catch {
    return { response: undefined, failure: controller.signal.aborted ? "timeout" : "network" };
  } finally {
    clearTimeout(timer);
  }
}

/** Lets go of a response that nobody will read, so that its connection is not held. */
export async function discard(response: Response | undefined): Promise<void> {
  try {
    await response?.body?.cancel();
  } catch {
    // The connection is gone already, which is what was wanted.
  }
}
