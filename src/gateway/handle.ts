import { decide } from "../decide/decide.ts";
import {
  experimentOf,
  type Decision,
  type End,
  type Outcome,
  type Preflight,
} from "../decide/outcome.ts";
import type { ProblemCode } from "../lib/gateway-problems.ts";
import { withoutPrefix } from "../lib/path.ts";
import type { Facts } from "../policy/facts.ts";
import { readRequest, factsOf, type IncomingRequest } from "./resolve/incoming-request.ts";
import type { UpstreamResult } from "./forward/failover.ts";
import { forward, type RequestContext } from "./forward/forward.ts";
import { answerFinal, isFinal } from "./resolve/max-forwards.ts";
import type { Gateway } from "./gateway.ts";
import { toldDigest } from "./forward/told-digest.ts";
import { isLoop } from "./forward/forwarded-fields.ts";
import { readDestination } from "./decide-facts/destination.ts";
import { takeToken } from "../override/query.ts";
import type { OverrideState } from "./decide-facts/overrides.ts";
import { problem } from "./respond/problem.ts";
import { recordAnswer } from "./record/recorder.ts";
import { ANY, NO_HOSTS, pathCandidate } from "./resolve/hosts.ts";
import { answerPreflight, applyCors } from "./respond/cors.ts";
import { answerEnd } from "./respond/end.ts";
import { expose, exposeSource, ownCookies, respond, withCookies } from "./respond/respond.ts";
import type { Loaded } from "./load/policy-cache.ts";
import type { Later } from "./platform.ts";
import type { Route } from "./load/policy-memory.ts";

/** What is known of a request when it fails, for its headers. */
type Progress = [route?: Route, context?: RequestContext, upstream?: UpstreamResult];

const PROBLEM_OF: Readonly<Record<Exclude<Loaded["found"], "route" | "nothing">, ProblemCode>> = {
  invalid: "policy-invalid",
  unavailable: "config-unavailable",
};

/** Resolve, load, decide, forward, record. */
export async function handle(request: Request, gateway: Gateway, later: Later): Promise<Response> {
  const { config, platform } = gateway;
  const fail = (code: ProblemCode, ...known: Progress): Response => {
    const response = problem(code, request, config.errorPages);
    expose(response.headers, config, ...known);
    return response;
  };
  if (isLoop(request.headers.get("via"), config.viaName)) return fail("loop-detected");
  if (isFinal(request)) return answerFinal(request);

  const incoming = readRequest(request, config, platform);
  if (incoming === undefined) return fail("request-invalid");
  const tenant = config.tenantBy.path ? pathCandidate(incoming.path) : undefined;
  const hosts = config.tenantBy.host ? gateway.hosts.of(incoming.url.hostname) : NO_HOSTS;
  const keys = tenant === undefined ? hosts.withAny : [...hosts.keys, tenant.key, ANY.key];
  const loaded = gateway.routes.peek(keys, later) ?? (await gateway.routes.load(keys, later));
  if (loaded.found === "nothing")
    return fail(
      // Where a host may have a route of its own, it is the host that has none: nobody was asked for a tenant.
      tenant === undefined && config.tenantBy.path && !hosts.isName
        ? "tenant-required"
        : "route-not-found",
    );
  if (loaded.found !== "route") return fail(PROBLEM_OF[loaded.found]);
  const { route } = loaded;
  gateway.routes.served(route, later);
  const tenantPrefix =
    tenant !== undefined && loaded.index === hosts.keys.length ? tenant.prefix : "";

  const read = route.policy.overridable ? gateway.overrides.read(incoming, route.key) : undefined;
  const overrideState = read instanceof Promise ? await read : read;
  const facts = factsOf(
    incoming,
    withoutPrefix(incoming.path, tenantPrefix),
    overrideState?.override,
    platform,
  );
  const outcome = decide(route.policy, facts);
  const resolved = { gateway, later, fail, incoming, facts, route, tenantPrefix, overrideState };
  const response = await act(outcome, resolved);
  const { cors } = "node" in outcome ? outcome.node : outcome;
  if (cors !== undefined && outcome.do !== "preflight") applyCors(response.headers, cors, request);
  return exposeSource(response, config, loaded.source);
}

/** What was found out on the way to the decision. */
interface Resolved {
  readonly gateway: Gateway;
  readonly later: Later;
  readonly fail: (code: ProblemCode, ...known: Progress) => Response;
  readonly incoming: IncomingRequest;
  readonly facts: Facts;
  readonly route: Route;
  readonly tenantPrefix: string;
  readonly overrideState: OverrideState | undefined;
}

/** Does what was decided. */
async function act(outcome: Outcome, resolved: Resolved): Promise<Response> {
  const { gateway, fail, incoming, route, tenantPrefix } = resolved;
  switch (outcome.do) {
    case "forward":
      return serve(outcome, resolved);
    case "redirect":
    case "respond":
      return finish(
        outcome,
        answerEnd(outcome, incoming, tenantPrefix, gateway.platform.secret),
        resolved,
      );
    case "preflight":
      return finish(outcome, answerPreflight(outcome.cors, incoming.request), resolved);
    case "refuse": {
      const response = fail(outcome.problem, route);
      recordAnswer(resolved, response, outcome.problem);
      return response;
    }
    default:
      return outcome satisfies never;
  }
}

/** An answer without an origin, recorded; a problem where the policy would lead in a circle. */
function finish(
  { do: reason }: End | Preflight,
  own: Response | undefined,
  resolved: Resolved,
): Response {
  const { gateway, fail, route } = resolved;
  const { config } = gateway;
  const response = own ?? fail("loop-detected", route);
  expose(response.headers, config, route);
  if (config.exposeDecision) response.headers.set("x-reason", reason);
  recordAnswer(resolved, response, own === undefined ? "loop-detected" : reason, reason);
  return response;
}

/** Forwards, answers, records. */
async function serve(decision: Decision, resolved: Resolved): Promise<Response> {
  const { gateway, later, fail, incoming, facts, route, tenantPrefix, overrideState } = resolved;
  const { config, platform } = gateway;
  if (decision.counted && experimentOf(decision) !== undefined) gateway.tellNoKey?.();
  const context: RequestContext = {
    incoming,
    decision,
    route,
    place: {
      path: incoming.path,
      prefix: tenantPrefix + decision.stripped,
      matched: tenantPrefix + decision.matchedPrefix,
    },
    // No origin sees a token, one that this policy has no use for included.
    search: overrideState?.search ?? takeToken(incoming.search).search,
    destination: incoming.request.headers.has("destination")
      ? await readDestination(decision, {
          gateway,
          later,
          incoming,
          route,
          override: overrideState?.override,
        })
      : undefined,
    digest: toldDigest(decision, facts, config, route.key),
  };
  const { health, budgets } = gateway;
  const ask = async () => forward(context, { config, platform, health, budgets, later });
  const { trustForwarded } = config;
  const { upstream, told } = await gateway.edge.answer(context, { trustForwarded, later }, ask);
  const around = { config, secretOf: platform.secret, tenantPrefix, overrideState };
  const response =
    upstream.response === undefined
      ? withCookies(
          fail(
            upstream.failure === "timeout" ? "origin-timeout" : "origin-unreachable",
            route,
            context,
            upstream,
          ),
          ownCookies(context, around),
        )
      : respond(upstream.response, upstream, context, around);
  if (told !== undefined && config.exposeDecision)
    response.headers.append("cache-status", `switchyard; ${told}`);

  recordAnswer(resolved, response, { decision, upstream });
  return response;
}
