import { experimentOf, type Decision } from "../../decide/outcome.ts";
import type { Config } from "../../config/gateway.ts";
import type { IncomingRequest } from "../resolve/incoming-request.ts";
import { rescueAsset } from "./asset.ts";
import type { Send, UpstreamContext } from "./ask.ts";
import { failover, type UpstreamResult } from "./failover.ts";
import { cookiesThatStay, originHeaders } from "./origin-headers.ts";
import { setDestination, type Destination } from "./destination.ts";
import type { Health } from "./health.ts";
import type { RetryBudgets } from "./retry-budget.ts";
import { mirrorBody, sendMirror } from "./mirror.ts";
import type { Variant } from "../../policy/compiled.ts";
import { forwardedPath, prefixBefore, type Place } from "../../policy/rewrite.ts";
import type { Route } from "../load/policy-memory.ts";
import type { Later, Platform } from "../platform.ts";
import { connection, targetUrl } from "./target.ts";

/** Where the forwarded request comes from, and how. */
export interface RequestContext {
  readonly incoming: IncomingRequest;
  readonly decision: Decision;
  readonly route: Route;
  /** Its path, with the tenant's segment and what path-maps took off. */
  readonly place: Place;
  /** The query, our own token taken out. */
  readonly search: string;
  /** Where the request wants its resource copied or moved to. */
  readonly destination: Destination | undefined;
  /** The visitor's, where the policy lets origins know it (`visitorHeader`) and there is one. */
  readonly digest: string | undefined;
}

interface ForwardContext {
  readonly config: Config;
  readonly platform: Platform;
  readonly health: Health;
  readonly budgets: RetryBudgets;
  readonly later: Later;
}

const BODYLESS = new Set(["GET", "HEAD"]);
const REPLAYABLE = new Set([...BODYLESS, "OPTIONS"]);

/** Bytes that the client announces; nothing where it announces none that can be read (RFC 9110 §8.6). */
function announcedLength(request: Request): number | undefined {
  const text = request.headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Sends the request on, to the decided variant or, where that fails and the policy allows it, to another. */
export async function forward(
  { incoming, decision, route, place, search, destination, digest }: RequestContext,
  context: ForwardContext,
): Promise<UpstreamResult> {
  const { request } = incoming;
  const { node } = decision;
  const { platform, config } = context;
  const forwarding = {
    route: route.key,
    ip: incoming.ip,
    host: incoming.host,
    scheme: incoming.scheme,
    viaName: config.viaName,
    trustForwarded: config.trustForwarded,
    cookieNames: cookiesThatStay(route.policy),
    experiment: experimentOf(decision),
    reason: decision.reason,
    counted: decision.counted,
    digest,
    destination,
  };
  const headersFor = (variant: Variant, secretOf = platform.secret): Headers =>
    originHeaders(
      request,
      {
        ...forwarding,
        prefix: prefixBefore(variant.rewrite, place),
        variant: variant.name,
        decided: variant === decision.variant ? undefined : decision.variant.name,
        secretOf,
      },
      variant,
    );
  const length = announcedLength(request);
  const hasBody = request.body !== null && length !== 0;
  // The platform refuses a GET or HEAD with a body.
  const stream: ReadableStream<Uint8Array> | null =
    BODYLESS.has(request.method) || !hasBody ? null : request.body;
  const { main: body, copy } =
    decision.mirrors.length > 0 ? mirrorBody(request, stream) : { main: stream, copy: undefined };
  // Parts, not a copied Request: the platform makes a Request of its own in any case.
  const send: Send = (variant) => ({
    url: targetUrl(variant.origin, forwardedPath(variant.rewrite, place), search),
    init: {
      method: request.method,
      headers: headersFor(variant),
      redirect: "manual",
      ...connection(variant.origin, route.policy),
    },
    via: variant.origin.via,
    ...(body === null ? {} : { body: { stream: body, length } }),
  });
  if (copy !== undefined) {
    // Read whole, and once for all: a copy then has a length, and nobody's branch waits for another's.
    const bytes = copy === null ? null : new Response(copy).arrayBuffer();
    for (const { to } of decision.mirrors) {
      // A secret is for whom it was written: a copy gets those alone that its own origin names.
      const headers = headersFor(decision.variant, () => undefined);
      const { method } = request;
      const rewrite = to.rewrite ?? decision.variant.rewrite;
      const path = forwardedPath(rewrite, place);
      if (destination !== undefined) setDestination(headers, destination, { ...to, rewrite });
      context.later(
        sendMirror(platform, {
          to,
          path,
          search,
          method,
          headers,
          body: bytes,
          connected: connection(to.origin, route.policy),
        }),
      );
    }
  }
  const replayable = REPLAYABLE.has(request.method) && !hasBody;
  const upstreamContext: UpstreamContext = {
    platform,
    health: context.health,
    budgets: context.budgets,
    send,
    route: route.key,
    visitor: decision.visitor ?? incoming.ip ?? "",
    replayable,
    isHandshake: request.headers.has("upgrade"),
    startedAt: incoming.now,
    deadline: incoming.now + (node.totalTimeoutMs ?? Infinity),
  };
  const upstream = await failover(upstreamContext, decision);
  return node.assetRescue && BODYLESS.has(request.method) && replayable
    ? rescueAsset(upstream, decision, incoming.path, upstreamContext)
    : upstream;
}
