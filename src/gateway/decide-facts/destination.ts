import { decide } from "../../decide/decide.ts";
import type { Decision } from "../../decide/outcome.ts";
import { normalPath, withoutPrefix } from "../../lib/path.ts";
import { urlWithoutToken } from "../../override/query.ts";
import type { Override } from "../../policy/facts.ts";
import type { Place } from "../../policy/rewrite.ts";
import type { Destination } from "../forward/destination.ts";
import type { Gateway } from "../gateway.ts";
import type { Later } from "../platform.ts";
import type { Route } from "../load/policy-memory.ts";
import { ANY, NO_HOSTS, pathCandidate } from "../resolve/hosts.ts";
import { factsOf, type IncomingRequest } from "../resolve/incoming-request.ts";
import { isSameHost } from "../resolve/same-host.ts";

interface Around {
  readonly gateway: Gateway;
  readonly later: Later;
  readonly incoming: IncomingRequest;
  readonly route: Route;
  readonly override: Override | undefined;
}

/** A path of this host, and what of it is taken off; absent where other origins get it than this request's. */
async function placeOf(
  path: string,
  { node }: Decision,
  { gateway, later, incoming, route, override }: Around,
): Promise<Place | undefined> {
  const { config, hosts, routes, platform } = gateway;
  const tenant = config.tenantBy.path ? pathCandidate(path) : undefined;
  const ofHost = config.tenantBy.host ? hosts.of(incoming.url.hostname) : NO_HOSTS;
  const keys = tenant === undefined ? ofHost.withAny : [...ofHost.keys, tenant.key, ANY.key];
  const loaded = routes.peek(keys, later) ?? (await routes.load(keys, later));
  if (loaded.found !== "route" || loaded.route.key !== route.key) return undefined;
  const tenantPrefix = loaded.index === ofHost.keys.length && tenant ? tenant.prefix : "";
  const facts = factsOf(incoming, withoutPrefix(path, tenantPrefix), override, platform);
  const outcome = decide(route.policy, facts);
  if (outcome.do !== "forward" || outcome.node !== node) return undefined;
  const { stripped, matchedPrefix } = outcome;
  return { path, prefix: tenantPrefix + stripped, matched: tenantPrefix + matchedPrefix };
}

/**
 * Where the request's `Destination` leads, if it has one. It is decided like a request of its own, so
 * that nothing can be copied or moved to where no request of this visitor would arrive.
 */
export async function readDestination(
  decision: Decision,
  around: Around,
): Promise<Destination | undefined> {
  const { incoming } = around;
  const came = incoming.request.headers.get("destination");
  if (came === null) return undefined;
  const url = URL.parse(came, incoming.publicOrigin + incoming.path);
  const own = URL.parse(incoming.publicOrigin);
  const suffix = /[?#].*$/s.exec(urlWithoutToken(came))?.[0] ?? "";
  const isWhole = /^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(came);
  if (url === null || own === null || !isSameHost(url, own))
    return { place: undefined, suffix, publicUrl: undefined, isWhole };
  const path = normalPath(url.pathname);
  const place = await placeOf(path, decision, around);
  return { place, suffix, publicUrl: incoming.publicOrigin + path + suffix, isWhole };
}
