import { readKey } from "../../src/lib/siphash.ts";
import { idCheck } from "../../src/lib/visitor-digest.ts";
import { browserGet, HOST, visitorCookies } from "./requests.ts";
import type { Subject } from "./subjects.ts";

const KEY_TEXT = "000102030405060708090a0b0c0d0e0f";

/** Who comes back, and so many that an isolate remembers none of them. */
const REGULARS = 1000;
const CROWD = 40_000;

/** One request of so many reaches a goal. */
const GOAL_EVERY = 25;

/** The line of a gateway with everything on that others are held against. */
export const RETURNING = "Switchyard, returning visitors";

const pathOf = (index: number) =>
  index % GOAL_EVERY === 0 ? "/checkout/done" : "/store/products/42?ref=mail";

/** Requests of visitors whose ids have good checks. */
function checkedRequests(visitors: number): Buffer[] {
  const key = readKey(KEY_TEXT) ?? [];
  return visitorCookies(visitors).map((cookie, index) => {
    const [version = "", id = "", ...rest] = cookie.slice("sy=".length).split(".");
    const checked = `sy=${[version, id + idCheck(key, id), ...rest].join(".")}`;
    return browserGet({ cookie: checked, path: pathOf(index) });
  });
}

/** Of visitors who bring no cookie of ours. */
export const newcomers = (): Buffer[] =>
  Array.from({ length: GOAL_EVERY }, (_, index) => browserGet({ path: pathOf(index) }));

export const returning = (): Buffer[] => checkedRequests(REGULARS);

const weighted = (origin: string) => ({
  strategy: "weighted",
  variants: [
    { name: "control", origin, weight: 90 },
    { name: "treatment", origin, weight: 10 },
  ],
});

/** A sticky split with goals and a guard. */
export const guardedSplit = (origin: string) => ({
  ...weighted(origin),
  goals: [
    { name: "purchase", match: { path: "/checkout/done" } },
    { name: "revenue", from: "origin", count: "every", cap: 500 },
  ],
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
});

const inKv = (policy: unknown) => new Map([[HOST, JSON.stringify(policy)]]);

/** A line with all that counts on: a key, a hub, goals and a guard. */
export const counted = (
  name: string,
  origin: string,
  requests: readonly Buffer[],
  policy: unknown = guardedSplit(origin),
): Subject => ({
  name,
  code: "switchyard",
  kv: inKv(policy),
  requests,
  vars: { VISITOR_KEY: KEY_TEXT },
  hub: true,
});

/** What counting costs: each line with everything on is held against its own with nothing on. */
export function countingLines(origin: string): Subject[] {
  const pair = (what: string, requests: readonly Buffer[]): Subject[] => {
    const off = `${what}, off`;
    return [
      { name: off, code: "switchyard", kv: inKv(weighted(origin)), requests },
      { ...counted(`${what}, on`, origin, requests), over: off },
    ];
  };
  const back = "visitors who come back";
  const on = counted(`${back}, on, and the decision not shown`, origin, returning());
  return [
    ...pair(back, returning()),
    { ...on, vars: { ...on.vars, EXPOSE_DECISION: "false" }, over: `${back}, on` },
    ...pair("a new visitor each time", checkedRequests(CROWD)),
  ];
}
