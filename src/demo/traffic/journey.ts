import type { Random } from "./random.ts";

/** Where visitors go, and how many. */
export interface Destination {
  /** Whom they ask: a tenant's host, or `localhost` where the path names the tenant. */
  readonly host: string;
  /** What stands before each path: empty, or the tenant's segment. */
  readonly prefix: string;
  /** Paths that a visit may begin with. */
  readonly entrances: readonly string[];
  readonly visitorsPerSecond: number;
  /** Whether there is something to buy. */
  readonly sells: boolean;
}

/** Routes with a visitor every tenth of a second: experiments whose results are to move while somebody reads. */
const BUSY: ReadonlySet<string> = new Set(["ab.localhost", "guarded.localhost"]);
const BUSY_PER_SECOND = 10;
const OTHERS_PER_SECOND = 1;

const MORE_ENTRANCES: Readonly<Record<string, readonly string[]>> = {
  "shop.localhost": ["/", "/store", "/admin", "/api/items"],
};

/** Where the visitors of a route go. */
export function destinationOf(key: string): Destination {
  const isHost = key.includes(".");
  const isBusy = BUSY.has(key);
  return {
    host: isHost ? key : "localhost",
    prefix: isHost ? "" : `/${key}`,
    entrances: MORE_ENTRANCES[key] ?? ["/"],
    visitorsPerSecond: isBusy ? BUSY_PER_SECOND : OTHERS_PER_SECOND,
    sells: isBusy,
  };
}

/** Of 100 visitors so many look at a second page, and those do it after so long (ms). */
const SECOND_PAGE = 0.4;
const READS_MS = { least: 500, most: 3000 } as const;

/** Of visitors of a variant so many buy something; of one that is not named, as many as usual. */
export type Buyers = Readonly<Record<string, number>>;

/**
 * Who buys in the demo: made up so that "bold" wins within a few
 * minutes, and "calm" does not.
 */
const BUYS: Buyers = { bold: 0.15 };
const BUYS_ELSE = 0.08;

/** Where a purchase ends; the demo's origins know the path too. */
export const CHECKOUT = "/checkout/done";

/** One page that a visitor asks for. */
interface Step {
  readonly path: string;
  /** How long they read before they ask for it (ms). */
  readonly afterMs: number;
}

/** What one visitor does from their first page on. */
export interface Journey {
  readonly first: string;
  /** What follows, once the visitor knows which variant they are on. */
  readonly next: (variant: string | undefined) => readonly Step[];
}

/** The journey of one visitor; `order` is the number of what they may buy. */
export function journeyOf(
  to: Destination,
  random: Random,
  order: number,
  buyers: Buyers = BUYS,
): Journey {
  const pause = () => READS_MS.least + random() * (READS_MS.most - READS_MS.least);
  const entrance = to.entrances[Math.floor(random() * to.entrances.length)] ?? "/";
  const second: Step[] =
    random() < SECOND_PAGE ? [{ path: `${to.prefix}${entrance}`, afterMs: pause() }] : [];
  const wish = random();
  const checkout = { path: `${to.prefix}${CHECKOUT}?order=${order}`, afterMs: pause() };
  return {
    first: `${to.prefix}${entrance}`,
    next: (variant = "") => {
      const buys = to.sells && wish < (buyers[variant] ?? BUYS_ELSE);
      return buys ? [...second, checkout] : second;
    },
  };
}
