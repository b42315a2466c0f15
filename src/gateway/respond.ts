import type { Config } from "../config.ts";
import { renderReason } from "../decide/reason.ts";
import { guardCache, makePrivate } from "./cache.ts";
import { overrideCookie, visitorCookie } from "./cookies.ts";
import type { Served } from "./failover.ts";
import type { Journey } from "./forward.ts";
import { applyEdits, dropHopByHop, encodeName } from "./headers.ts";
import type { Carried } from "./overrides.ts";
import type { Route } from "./routes.ts";
import { outsideCookie, outsideReference, outsideRefresh, type Mount } from "./target.ts";

/** Statuses whose response has no body by definition (RFC 9110 §15, fetch standard). */
const BODYLESS = new Set([101, 204, 205, 304]);

function leadThroughGateway(headers: Headers, mount: Mount): void {
  for (const name of ["location", "content-location"]) {
    const reference = headers.get(name);
    if (reference !== null) headers.set(name, outsideReference(reference, mount));
  }
  const refresh = headers.get("refresh");
  if (refresh !== null) headers.set("refresh", outsideRefresh(refresh, mount));
  if (!headers.has("set-cookie")) return;
  const cookies = headers.getSetCookie();
  const led = cookies.map((cookie) => outsideCookie(cookie, mount));
  if (led.every((cookie, index) => cookie === cookies[index])) return;
  headers.delete("set-cookie");
  for (const cookie of led) headers.append("set-cookie", cookie);
}

/** The cookies of our own that this response sets. */
function ownCookies(
  { arrival, decision }: Journey,
  tenantPrefix: string,
  carried: Carried | undefined,
): string[] {
  const scope = {
    path: tenantPrefix === "" ? "/" : tenantPrefix,
    secure: arrival.scheme === "https",
  };
  const cookies: string[] = [];
  const { sticky } = decision.node;
  if (decision.remember !== undefined && sticky !== false)
    cookies.push(visitorCookie(decision.remember, sticky.cookie, scope));
  if (decision.reason === "override" && carried?.keep !== undefined) {
    cookies.push(overrideCookie(carried.keep.token, carried.keep.seconds, scope));
  }
  return cookies;
}

/** Tells the client what was decided, where the operator lets it. */
export function expose(
  headers: Headers,
  config: Config,
  route: Route | undefined,
  journey?: Journey,
  served?: Served,
): void {
  if (!config.exposeDecision) return;
  headers.set("x-served-by", "switchyard");
  if (route === undefined) return;
  headers.set("x-route", route.key);
  headers.set("x-policy-version", route.version);
  if (journey === undefined || served === undefined) return;
  headers.set("x-variant", encodeName(served.variant.name));
  headers.set("x-reason", renderReason(journey.decision.reason, journey.decision.ignored));
  if (served.failed !== undefined) headers.set("x-rescued-from", encodeName(served.failed.name));
}

interface Context {
  readonly config: Config;
  readonly tenantPrefix: string;
  readonly carried: Carried | undefined;
}

/** The origin's response as the client gets it: streamed, with the header duties of a gateway done. */
export function respond(
  response: Response,
  served: Served,
  journey: Journey,
  { config, tenantPrefix, carried }: Context,
): Response {
  const { decision, arrival, prefix, route } = journey;
  const body = BODYLESS.has(response.status) ? null : response.body;
  // `encodeBody` stays automatic: only so does the platform pass on what the origin encoded as it is.
  // With "manual" it would decode the body and leave `Content-Encoding` beside the plain bytes.
  const answer =
    response.webSocket === null
      ? new Response(body, response)
      : new Response(null, {
          status: 101,
          headers: response.headers,
          webSocket: response.webSocket,
        });
  const { headers } = answer;
  dropHopByHop(headers);
  leadThroughGateway(headers, {
    origin: served.variant.origin,
    gateway: arrival.gateway,
    prefix,
    atPrefix: arrival.path === prefix,
  });
  applyEdits(headers, served.variant.edits.response);
  const cookies = ownCookies(journey, tenantPrefix, carried);
  guardCache(headers, decision.node.cache, cookies.length > 0);
  // What a link or Cloudflare's word on a crawler decided, no field of the request tells a cache.
  if (decision.reason === "override" || decision.reason === "bot") makePrivate(headers);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  expose(headers, config, route, journey, served);
  if (response.webSocket !== null) headers.set("upgrade", "websocket");
  return answer;
}
