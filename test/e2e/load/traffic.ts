import { bucket, SEED } from "../../../src/lib/hash.ts";
import type { VisitOptions } from "../../support/jar.ts";
import type { Seen } from "../failures/seen.ts";

/** Until an origin's head (ms): no origin that is well takes so long, on a busy machine either. */
const TIMEOUT_MS = 2000;

/** The share of visitors the canary has. */
const PERCENT = 40;

/** Where the policies lead. Flaky ones die and return; `stable`, `spare` and the shadow's main origins are well. */
export interface Urls {
  readonly flakyCanary: string;
  readonly flakyBlue: string;
  readonly flakyOnly: string;
  readonly flakyShadow: string;
  readonly stable: string;
  readonly spare: string;
}

export function policiesOf(url: Urls): Record<string, unknown> {
  const byHeader = { by: [{ header: "x-visitor" }] };
  const common = { timeoutMs: TIMEOUT_MS };
  const canary = {
    ...common,
    strategy: "canary",
    stable: url.stable,
    canary: url.flakyCanary,
    percent: PERCENT,
    salt: "load",
  };
  return {
    canary: { ...canary, sticky: byHeader },
    pinned: { ...canary, salt: "pinned", sticky: { mode: "pin" } },
    colours: {
      ...common,
      strategy: "blue-green",
      blue: url.flakyBlue,
      green: url.stable,
      active: "blue",
      rescue: true,
    },
    fallback: {
      ...common,
      origin: url.flakyOnly,
      retry: { attempts: 2 },
      fallback: url.spare,
    },
    bare: { ...common, origin: url.flakyOnly },
    split: {
      ...common,
      strategy: "weighted",
      salt: "load",
      sticky: byHeader,
      variants: [
        { name: "a", origin: url.stable, weight: 1 },
        { name: "b", origin: url.spare, weight: 3 },
      ],
      mirror: { origin: url.flakyShadow, percent: 50 },
    },
  };
}

/** One kind of request, and what the policy promises it. */
export interface Kind {
  readonly name: string;
  readonly path: (n: number) => string;
  readonly options: (n: number) => VisitOptions;
  /** What is wrong with the answer, in words; nothing where it keeps the promise. */
  readonly fault: (seen: Seen, n: number) => string | undefined;
}

/** The visitor of the nth request: few enough to come back. */
const visitorOf = (n: number) => `visitor-${n % 97}`;
const named = (n: number) => ({ headers: { "x-visitor": visitorOf(n) } });
const none = () => ({});

function expected(seen: Seen, answer: string, ...ways: readonly string[]): string | undefined {
  const way = seen.insteadOf === undefined ? `${seen.by}` : `${seen.by} for ${seen.insteadOf}`;
  return seen.answer === answer && ways.includes(way)
    ? undefined
    : `${seen.answer} by ${way}, wanted ${answer} by ${ways.join(" or ")}`;
}

/** What a route without remedies may give while its origin is ill. */
const PLAIN = new Set(["200", "502", "503", "504", "502 origin-unreachable", "504 origin-timeout"]);
const plain = ({ answer }: Seen) => (PLAIN.has(answer) ? undefined : answer);

export const KINDS: readonly Kind[] = [
  {
    name: "canary",
    path: () => "/canary/",
    options: named,
    fault: (seen, n) =>
      bucket(SEED.split, "load", visitorOf(n)) * 100 < PERCENT
        ? expected(seen, "200", "canary", "stable for canary")
        : expected(seen, "200", "stable"),
  },
  {
    name: "weighted, mirrored",
    path: () => "/split/",
    options: named,
    fault: (seen) => expected(seen, "200", "a", "b"),
  },
  {
    name: "weighted, mirrored, a body",
    path: () => "/split/",
    options: (n) => ({ ...named(n), body: "an order ".repeat(500) }),
    fault: (seen) => expected(seen, "200", "a", "b"),
  },
  {
    name: "blue-green, rescue",
    path: () => "/colours/",
    options: none,
    fault: (seen) => expected(seen, "200", "blue", "green for blue"),
  },
  {
    name: "retry, fallback",
    path: () => "/fallback/",
    options: none,
    fault: (seen) => expected(seen, "200", "origin", "fallback for origin"),
  },
  { name: "no remedy", path: () => "/bare/", options: none, fault: plain },
  {
    name: "order to a canary",
    path: (n) => `/canary/order-${n}`,
    options: (n) => ({ ...named(n), body: "an order" }),
    fault: plain,
  },
  {
    name: "nobody's path",
    path: () => "/unknown/",
    options: none,
    fault: ({ answer }) =>
      answer === "404 route-not-found" || answer === "503 config-unavailable" ? undefined : answer,
  },
];
