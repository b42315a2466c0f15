import { setTimeout as sleep } from "node:timers/promises";

import { addressOf } from "./address.ts";
import { Arrivals, TICK_MS } from "./arrivals.ts";
import { Browser } from "./browser.ts";
import { Complaints } from "./complaints.ts";
import { destinationOf, journeyOf, type Buyers, type Destination } from "./journey.ts";
import { randomOf } from "./random.ts";

/**
 * Visitors on their way at once: about three times as many as there are where all is well, each with
 * one request at most. Where answers come slowly, nobody comes until somebody has gone.
 */
const MOST_VISITORS = 128;

interface TrafficOptions {
  /** The gateway's, on this machine. */
  readonly port: number;
  /** The routes to visit. */
  readonly keys: readonly string[];
  /** What the visitors do is drawn from this. */
  readonly seed: number;
  /** Of visitors of each variant so many buy something, instead of as many as the demo makes up. */
  readonly buys?: Buyers;
  /** Takes one line about requests without an answer, now and then. */
  readonly tell: (line: string) => void;
}

/** Traffic under way. */
export interface Traffic {
  /** Ends it, with the requests under way. */
  readonly stop: () => void;
}

/** Sends made-up visitors to every route until it is stopped, or the process ends. Never throws. */
export function startTraffic({ port, keys, seed, buys, tell }: TrafficOptions): Traffic {
  const end = new AbortController();
  const { signal } = end;
  const complaints = new Complaints((line) => tell(line));
  const arrivals = new Arrivals(keys.map(destinationOf), performance.now());
  let visitors = 0;
  let underWay = 0;

  const visit = async (to: Destination): Promise<void> => {
    visitors += 1;
    underWay += 1;
    const [random, address, order] = [randomOf(seed, visitors), addressOf(visitors), visitors];
    const browser = new Browser({ port, host: to.host, address, signal });
    const { first, next } = journeyOf(to, random, order, buys);
    try {
      for (const { path, afterMs } of next(await browser.open(first))) {
        await sleep(afterMs, undefined, { signal, ref: false });
        await browser.open(path);
      }
    } catch (error) {
      if (!signal.aborted) complaints.add(to.host, error);
    } finally {
      underWay -= 1;
    }
  };

  const timer = setInterval(() => {
    for (const to of arrivals.until(performance.now()))
      if (underWay < MOST_VISITORS) void visit(to);
  }, TICK_MS).unref();
  return {
    stop: () => {
      clearInterval(timer);
      complaints.end();
      end.abort();
    },
  };
}
