import { decide } from "../../../support/decide.ts";
import { encodeVisitor } from "../../../../src/decide/visitor.ts";
import type { UpstreamResult } from "../../../../src/gateway/forward/failover.ts";
import { readKey } from "../../../../src/lib/siphash.ts";
import { idCheck } from "../../../../src/lib/visitor-digest.ts";
import type { CompiledPolicy } from "../../../../src/policy/compiled.ts";
import { factsFrom } from "../../../property/arbitraries/facts.ts";
import { ready } from "../../../property/population.ts";
import { HOST, KEY_TEXT, measured } from "./world.ts";

export const KEY = readKey(KEY_TEXT) ?? [];

/** An id as the gateway makes them. */
export const idOf = (visitor: number): string => `${visitor}`.padEnd(22, "A");

const NOW = Date.UTC(2026, 10, 28, 12);

/** The visitor's cookie, with the check of the id unless it says otherwise. */
export const cookieOf = (visitor: number, check = idCheck(KEY, idOf(visitor))): string =>
  encodeVisitor({ id: idOf(visitor), check, seenAt: NOW, sentAt: NOW, pins: [] });

/** Even split of visitors known by cookie. */
export const evenly = (names: readonly string[], fields: object = {}) => ({
  strategy: "weighted",
  variants: names.map((name) => ({ name, origin: "https://a.example", weight: 1 })),
  sticky: { by: ["cookie"] },
  ...fields,
});

/** How one request goes. */
export interface Going {
  readonly key?: string;
  /** Whether it has come before, and only ends now. */
  readonly isServed?: boolean;
  readonly path?: string;
  readonly cookie?: string;
  readonly status?: number;
  readonly failure?: UpstreamResult["primaryFailure"];
  readonly method?: string;
  readonly ip?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Traffic that is counted without a network: what `handle` counts is told to the gateway's hub by
 * hand, so that there can be much of it. Policies by key.
 */
export function traffic(
  policies: Readonly<Record<string, unknown>>,
  vars?: Readonly<Record<string, unknown>>,
) {
  const world = measured(policies, vars);
  const compiled = new Map<string, CompiledPolicy>();
  const routeOf = (key: string) => {
    const policy = compiled.get(key) ?? ready(policies[key], key);
    compiled.set(key, policy);
    return { key, policy, version: "0" };
  };
  const { routes } = world.gateway;
  /** Counts a request; the decision it is counted by. */
  const go = (going: Going = {}) => {
    const { key = HOST, path = "/", cookie, status = 200, failure, method = "GET", ip } = going;
    const route = routeOf(key);
    const facts = factsFrom({
      path,
      method,
      now: world.clock.now(),
      ...(ip === undefined ? {} : { ip }),
      ...(cookie === undefined ? {} : { cookies: { sy: [cookie] } }),
      headers: going.headers ?? {},
    });
    const decision = decide(route.policy, facts);
    if (decision === undefined) throw new Error("nothing is forwarded");
    const response = new Response(null, { status });
    const { variant } = decision;
    const upstream: UpstreamResult = {
      response,
      failure: undefined,
      variant,
      rescuedFrom: undefined,
      primaryFailure: failure,
    };
    if (going.isServed !== true) routes.served(route, world.later);
    routes.hub.count({ route, facts, status, done: { decision, upstream } }, world.later);
    return decision;
  };
  /** A request comes; `go` with `isServed` says how it went. */
  const come = () => routes.served(routeOf(HOST), world.later);
  return { ...world, go, come };
}
