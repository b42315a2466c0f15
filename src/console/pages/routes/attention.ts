import type { Listed } from "./chain.ts";
import { marksOf, WEIGHTS, type Experiment, type Mark } from "./marks.ts";

/** From this share of failures on a variant is told as failing: below it are the visitors' own mishaps. */
export const FAILING_SHARE = 0.01;

/** The variant that fails most. */
export interface Worst {
  readonly experiment: string;
  readonly variant: string;
  /** Of its requests of the last minutes, from 0 to 1. */
  readonly share: number;
}

/** A route as the list shows it. */
export interface Seen extends Listed {
  /** The experiment that is shown of several: the one that fails most, else the first. */
  readonly shown: Experiment | undefined;
  readonly worst: Worst | undefined;
  readonly requestsPerMinute: number;
  readonly marks: readonly Mark[];
}

function worstOf(experiments: readonly Experiment[]): Worst | undefined {
  let worst: Worst | undefined;
  for (const { experiment, failureShare } of experiments)
    for (const [variant, share] of Object.entries(failureShare))
      if (worst === undefined || share > worst.share) worst = { experiment, variant, share };
  return worst;
}

/** What is to be seen of a route at a glance. */
export function seen(route: Listed): Seen {
  const { experiments } = route.status;
  const worst = worstOf(experiments);
  const failing = experiments.find(({ experiment }) => experiment === worst?.experiment);
  return {
    ...route,
    shown: failing ?? experiments[0],
    worst,
    requestsPerMinute: experiments.reduce((sum, one) => sum + one.requestsPerMinute, 0),
    marks: marksOf(route.status),
  };
}

export const isFailing = ({ worst }: Seen): boolean =>
  worst !== undefined && worst.share >= FAILING_SHARE;

/** Whether something is not as it should be. */
export const isMarked = ({ marks }: Seen): boolean =>
  marks.some(({ tone }) => WEIGHTS[tone] >= WEIGHTS.warn);

/** What the list may be ordered by; but for the key, the most comes first. */
export const ORDERS = {
  route: () => 0,
  requests: ({ requestsPerMinute }: Seen) => requestsPerMinute,
  failures: ({ worst }: Seen) => worst?.share ?? -1,
  marks: ({ marks: [first], worst }: Seen) =>
    (first === undefined ? 0 : WEIGHTS[first.tone]) + (worst?.share ?? 0) / 2,
} as const;

export type Order = keyof typeof ORDERS;

/** Which routes are shown. */
export const SHOWS = {
  all: () => true,
  failing: isFailing,
  marked: isMarked,
} as const;

export type Show = keyof typeof SHOWS;

/** What somebody looks for. */
export interface Wanted {
  /** A text anywhere in the key. */
  readonly q: string;
  readonly show: Show;
  readonly order: Order;
}

/** Those that somebody looks for, in the order that they want. */
export function chosen(routes: readonly Seen[], { q, show, order }: Wanted): readonly Seen[] {
  const text = q.trim().toLowerCase();
  const found = routes.filter(
    (route) => SHOWS[show](route) && route.status.route.toLowerCase().includes(text),
  );
  const by = ORDERS[order];
  return order === "route" ? found : found.toSorted((one, other) => by(other) - by(one));
}
