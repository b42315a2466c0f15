import { setTimeout as sleep } from "node:timers/promises";
import { decide } from "../../../support/decide.ts";
import type { Decision } from "../../../../src/decide/outcome.ts";
import type { Send, UpstreamContext } from "../../../../src/gateway/forward/ask.ts";
import { FAILURES_TO_EJECT, Health } from "../../../../src/gateway/forward/health.ts";
import { RetryBudgets } from "../../../../src/gateway/forward/retry-budget.ts";
import type { Platform } from "../../../../src/gateway/platform.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parse } from "../../../../src/policy/parse.ts";

/** A line the gateway would have logged. */
export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

/** Platform on Node's own clock, timers and fetch: only the jitter is fixed, and the log kept. */
export function nodePlatform(
  changes: Partial<Platform> = {},
): Platform & { readonly lines: Logged[] } {
  const lines: Logged[] = [];
  return {
    now: () => Date.now(),
    random: () => 0.5,
    randomId: () => "0123456789012345678901",
    sleep: async (ms) => sleep(ms),
    fetch: async (url, init) => fetch(url, { ...init, duplex: "half" }),
    secret: () => undefined,
    pipe: () => new TransformStream(),
    log: (level, message, details) => lines.push({ level, message, details }),
    ...changes,
    lines,
  };
}

/** What the policy decides for a visitor without any cookie. Throws where the policy is not valid. */
export function decisionOf(policy: unknown, path = "/"): Decision {
  const parsed = parse(JSON.stringify(policy), { allowPrivateOrigins: true });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const decision = decide(compile(parsed.policy, "route"), {
    method: "GET",
    host: "shop.example.com",
    path,
    now: Date.now(),
    country: () => undefined,
    scheme: "https",
    continent: () => undefined,
    region: () => undefined,
    asn: () => undefined,
    eu: () => false,
    ip: () => undefined,
    bot: () => false,
    header: () => undefined,
    query: () => [],
    cookie: () => [],
    randomId: () => "0123456789012345678901",
    override: undefined,
  });
  if (decision === undefined) throw new Error("no variant for this path");
  return decision;
}

/** A GET for `path` on whichever variant is asked. */
export function getOf(path = "/"): Send {
  return (variant) => ({ url: variant.origin.origin + path, init: { redirect: "manual" } });
}

/** The route of these tests. */
export const ROUTE = "route";

/** A visitor for each request, as in a crowd. */
export const crowd = (() => {
  let count = 0;
  return () => `visitor ${(count += 1)}`;
})();

/** Health that knows these origins of the route to be down. */
export function downed(...origins: readonly { readonly url: string }[]): Health {
  const health = new Health();
  for (const { url } of origins)
    for (let i = 0; i < FAILURES_TO_EJECT; i += 1)
      health.observe(`${ROUTE} ${url}`, { visitor: crowd(), failed: true }, Date.now());
  return health;
}

/** An upstream context over real sockets. */
export function upstreamContext(changes: Partial<UpstreamContext> = {}): UpstreamContext {
  return {
    platform: nodePlatform(),
    health: new Health(),
    budgets: new RetryBudgets(),
    send: getOf(),
    route: ROUTE,
    visitor: crowd(),
    replayable: true,
    isHandshake: false,
    startedAt: 0,
    deadline: Infinity,
    ...changes,
  };
}
