import type { Config } from "../../config/gateway.ts";
import { prefixBefore } from "../../policy/rewrite.ts";
import { renderReason } from "../../policy/reason.ts";
import { guardCache, makePrivate } from "./cache.ts";
import { overrideCookie, remembered, visitorCookie } from "./cookies.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import type { RequestContext } from "../forward/forward.ts";
import { encodeName } from "../forward/decision-fields.ts";
import { GOAL_FIELD } from "../record/goal-field.ts";
import { dropHopByHop } from "../forward/dropped-fields.ts";
import { applyEdits } from "../forward/header-edits.ts";
import type { OverrideState } from "../decide-facts/overrides.ts";
import type { Platform } from "../platform.ts";
import type { Route } from "../load/policy-memory.ts";
import type { Mount } from "./mount.ts";
import { domainMatches, hostnameOf } from "./origin-cookies.ts";
import { leadThroughGateway } from "./public-fields.ts";

/** Statuses whose response has no body by definition (RFC 9110 §15, fetch standard). */
const BODYLESS = new Set([101, 204, 205, 304]);

/** Where this request's origin stands, for what its answer refers to. */
function mountOf(
  { incoming, place }: RequestContext,
  { variant: { origin, rewrite } }: UpstreamResult,
  { config, tenantPrefix }: Context,
): Mount {
  const outer = config.trustForwarded ? incoming.request.headers.get("x-forwarded-prefix") : null;
  const prefix = prefixBefore(rewrite, place);
  return {
    // What is put in place of a prefix belongs to the base: an answer leads out of both the same way.
    origin: rewrite === undefined ? origin : { ...origin, base: origin.base + rewrite.prefix },
    publicOrigin: incoming.publicOrigin,
    tenantPrefix,
    prefix,
    toldPrefix: (outer ?? "") + prefix,
    path: incoming.path,
  };
}

/**
 * The cookies of our own that the answer to this request sets, an answer of the gateway's own
 * included: nobody is to be drawn again for having met a failure.
 */
export function ownCookies(
  { incoming, decision }: RequestContext,
  { config: { visitorKey }, tenantPrefix, overrideState }: Context,
): string[] {
  const scope = {
    path: tenantPrefix === "" ? "/" : tenantPrefix,
    secure: incoming.scheme === "https",
  };
  const cookies: string[] = [];
  const visitor = remembered(decision, visitorKey);
  const { sticky } = decision.node;
  if (visitor !== undefined && sticky !== false) {
    const { cookie } = sticky;
    // On a host beside its domain a browser takes no cookie, and whoever asks there would be new each time.
    const isOutside =
      cookie.domain !== undefined &&
      !domainMatches(hostnameOf(incoming.publicOrigin), cookie.domain);
    const own = isOutside ? { ...cookie, domain: undefined } : cookie;
    cookies.push(visitorCookie(visitor, own, scope));
  }
  if (decision.reason === "override" && overrideState?.keep !== undefined) {
    cookies.push(overrideCookie(overrideState.keep.token, overrideState.keep.seconds, scope));
  }
  return cookies;
}

/** An answer of the gateway's own with these cookies, which no shared cache may keep. */
export function withCookies(answer: Response, cookies: readonly string[]): Response {
  if (cookies.length > 0) makePrivate(answer.headers);
  for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
  return answer;
}

/** Tells the client what was decided, where the operator lets it. */
export function expose(
  headers: Headers,
  config: Config,
  route: Route | undefined,
  context?: RequestContext,
  upstream?: UpstreamResult,
): void {
  if (!config.exposeDecision) return;
  headers.set("x-served-by", "switchyard");
  if (route === undefined) return;
  headers.set("x-route", route.key);
  headers.set("x-policy-version", route.version);
  if (context === undefined || upstream === undefined) return;
  headers.set("x-variant", encodeName(upstream.variant.name));
  headers.set("x-reason", renderReason(context.decision.reason, context.decision.ignored));
  if (upstream.rescuedFrom !== undefined)
    headers.set("x-rescued-from", encodeName(upstream.rescuedFrom.name));
}

/** Tells the client where the policy came from, where the operator lets it. */
export function exposeSource(
  answer: Response,
  { exposeDecision }: Config,
  source: string,
): Response {
  if (exposeDecision) answer.headers.set("x-policy-source", source);
  return answer;
}

interface Context {
  readonly config: Config;
  readonly secretOf: Platform["secret"];
  readonly tenantPrefix: string;
  readonly overrideState: OverrideState | undefined;
}

/** The origin's response as the client gets it: streamed, with the header duties of a gateway done. */
export function respond(
  response: Response,
  upstream: UpstreamResult,
  context: RequestContext,
  around: Context,
): Response {
  const { config } = around;
  const { decision, incoming, route } = context;
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
  // Between the origin and us, whether the policy has goals or not.
  headers.delete(GOAL_FIELD);
  const isScript = incoming.request.headers.has("service-worker");
  leadThroughGateway(headers, mountOf(context, upstream, around), isScript, route.policy);
  applyEdits(headers, upstream.variant.edits.response, around.secretOf);
  const cookies = ownCookies(context, around);
  guardCache(headers, decision.node.cacheKey, cookies.length > 0 || decision.fleeting);
  // What a link or Cloudflare's word on a crawler decided, no field of the request tells a cache.
  if (decision.reason === "override" || decision.reason === "bot") makePrivate(headers);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  expose(headers, config, route, context, upstream);
  if (response.webSocket !== null) headers.set("upgrade", "websocket");
  return answer;
}
