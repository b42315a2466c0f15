import { setTimeout as sleep } from "node:timers/promises";
import { decide } from "../../../support/decide.ts";
import type { Decision } from "../../../../src/decide/outcome.ts";
import type { Send, UpstreamContext } from "../../../../src/gateway/forward/failover.ts";
import { Health } from "../../../../src/gateway/forward/health.ts";
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
export function nodeSeams(
  changes: Partial<Platform> = {},
): Platform & { readonly lines: Logged[] } {
  const lines: Logged[] = [];
  return {
    now: () => Date.now(),
    random: () => 0.5,
    randomId: () => "0123456789012345678901",
    sleep: async (ms) => sleep(ms),
    fetch: async (url, init) => fetch(url, init),
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

/** An upstream context over real sockets. */
export function waysOf(changes: Partial<UpstreamContext> = {}): UpstreamContext {
  return {
    platform: nodeSeams(),
    health: new Health(),
    send: getOf(),
    replayable: true,
    ...changes,
  };
}
