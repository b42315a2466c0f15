import { setTimeout as sleep } from "node:timers/promises";
import type { CookieJar } from "tough-cookie";

import { openJar, visit } from "../../support/jar.ts";

/** One answered request. */
export interface UpstreamResult {
  /** The id in the visitor's cookie. */
  readonly visitor: string;
  readonly variant: string;
  readonly status: number;
  /** When it was sent, and when it was answered (ms). */
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** Visitors under way at once. */
const LANES = 6;
/** Between two requests of a lane (ms): enough of them, and a machine left for the rest. */
const PAUSE_MS = 100;

/** Returning visitors who go on asking a host until they are stopped, each with a cookie jar of their own. */
export function startTraffic(gateway: string, host: string, visitors: number) {
  const served: UpstreamResult[] = [];
  const failures: unknown[] = [];
  const known: { readonly jar: CookieJar; id: string }[] = Array.from({ length: visitors }, () => ({
    jar: openJar(),
    id: "",
  }));
  const stopping = new AbortController();

  const ask = async (who: (typeof known)[number]): Promise<void> => {
    const sentAt = Date.now();
    const seen = await visit(`${gateway}/`, { host, jar: who.jar });
    const answeredAt = Date.now();
    const id = /^sy=1\.([\w-]{22})[\w-]{5}\./.exec(seen.header("set-cookie") ?? "")?.[1];
    if (id !== undefined && who.id !== "" && who.id !== id) failures.push(`${who.id} became ${id}`);
    who.id = id ?? who.id;
    const variant = seen.header("x-variant") ?? "none";
    served.push({ visitor: who.id, variant, status: seen.status, sentAt, answeredAt });
  };

  const lane = async (first: number): Promise<void> => {
    for (let n = first; !stopping.signal.aborted; n = (n + LANES) % visitors) {
      const who = known[n];
      if (who !== undefined) await ask(who).catch((error: unknown) => failures.push(error));
      await sleep(PAUSE_MS);
    }
  };
  const lanes = Array.from({ length: LANES }, (_, first) => lane(first));
  return {
    served,
    failures,
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.all(lanes);
    },
  };
}
