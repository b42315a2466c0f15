import { decide } from "../decide/decide.ts";
import { withoutPrefix } from "../policy/path.ts";
import { arrive, factsOf } from "./arrival.ts";
import type { Served } from "./failover.ts";
import { forward, type Journey } from "./forward.ts";
import { answerFinal, isFinal } from "./final.ts";
import type { Gateway } from "./gateway.ts";
import { isLoop } from "./headers.ts";
import { takeToken } from "./overrides.ts";
import { problem, type ProblemCode } from "./problem.ts";
import { record } from "./record.ts";
import { ANY, NO_HOSTS, pathCandidate } from "./resolve.ts";
import { expose, respond } from "./respond.ts";
import type { Loaded, Route } from "./routes.ts";

/** Runs work on behind the response. */
export type Later = (work: Promise<unknown>) => void;

/** What is known of a request when it fails, for its headers. */
type Known = [route?: Route, journey?: Journey, served?: Served];

const PROBLEM_OF: Readonly<Record<Exclude<Loaded["found"], "route" | "nothing">, ProblemCode>> = {
  invalid: "policy-invalid",
  unavailable: "config-unavailable",
};

/** Resolve, load, decide, forward, record. */
export async function handle(request: Request, gateway: Gateway, later: Later): Promise<Response> {
  const { config, seams } = gateway;
  const fail = (code: ProblemCode, ...known: Known): Response => {
    const response = problem(code, request);
    expose(response.headers, config, ...known);
    return response;
  };
  if (isLoop(request.headers.get("via"), config.viaName)) return fail("loop-detected");
  if (isFinal(request)) return answerFinal(request);

  const arrival = arrive(request, config, seams);
  if (arrival === undefined) return fail("request-invalid");
  const tenant = config.tenantBy.path ? pathCandidate(arrival.path) : undefined;
  const hosts = config.tenantBy.host ? gateway.hosts.of(arrival.url.hostname) : NO_HOSTS;
  const keys = tenant === undefined ? hosts.withAny : [...hosts.keys, tenant.key, ANY.key];
  const loaded = gateway.routes.peek(keys, later) ?? (await gateway.routes.load(keys));
  if (loaded.found === "nothing")
    return fail(
      config.tenantBy.path && tenant === undefined ? "tenant-required" : "route-not-found",
    );
  if (loaded.found !== "route") return fail(PROBLEM_OF[loaded.found]);
  const { route } = loaded;
  const tenantPrefix =
    tenant !== undefined && loaded.index === hosts.keys.length ? tenant.prefix : "";

  const read = route.policy.overridable ? gateway.overrides.read(arrival, route.key) : undefined;
  const carried = read instanceof Promise ? await read : read;
  const facts = factsOf(
    arrival,
    withoutPrefix(arrival.path, tenantPrefix),
    carried?.override,
    seams,
  );
  const decision = decide(route.policy, facts);
  if (decision === undefined) return fail("path-not-mapped", route);

  const journey: Journey = {
    arrival,
    decision,
    route,
    prefix: tenantPrefix + decision.stripped,
    // No origin sees a token, one that this policy has no use for included.
    search: carried?.search ?? takeToken(arrival.search).search,
  };
  const served = await forward(journey, { config, seams, health: gateway.health, later });
  const response =
    served.response === undefined
      ? fail(
          served.failure === "timeout" ? "origin-timeout" : "origin-unreachable",
          route,
          journey,
          served,
        )
      : respond(served.response, served, journey, {
          config,
          tenantPrefix,
          carried,
        });

  record(gateway.metrics, journey, served, { status: response.status, now: seams.now() });
  return response;
}
