import type { Decision } from "../decide/decide.ts";
import type { Config } from "../config.ts";
import type { Arrival } from "./arrival.ts";
import { rescueAsset } from "./asset.ts";
import { OVERRIDE_COOKIE } from "./cookies.ts";
import { failover, type Send, type Served, type Ways } from "./failover.ts";
import { originHeaders } from "./headers.ts";
import type { Health } from "./health.ts";
import { mirrorBody, sendMirror } from "./mirror.ts";
import type { Route } from "./routes.ts";
import type { Seams } from "./seams.ts";
import { targetUrl } from "./target.ts";

/** Where the forwarded request comes from, and how. */
export interface Journey {
  readonly arrival: Arrival;
  readonly decision: Decision;
  readonly route: Route;
  /** The tenant's segment and what path-maps took off. */
  readonly prefix: string;
  /** The query, our own token taken out. */
  readonly search: string;
}

interface Means {
  readonly config: Config;
  readonly seams: Seams;
  readonly health: Health;
  readonly later: (work: Promise<unknown>) => void;
}

const BODYLESS = new Set(["GET", "HEAD"]);
const REPLAYABLE = new Set([...BODYLESS, "OPTIONS"]);

/** Sends the request on, to the decided variant or, where that fails and the policy allows it, to another. */
export async function forward(
  { arrival, decision, route, prefix, search }: Journey,
  means: Means,
): Promise<Served> {
  const { request } = arrival;
  const { node, path } = decision;
  const { seams, config } = means;
  const told = {
    route: route.key,
    ip: arrival.ip,
    host: arrival.host,
    scheme: arrival.scheme,
    prefix,
    viaName: config.viaName,
    trustForwarded: config.trustForwarded,
    cookieNames: [...route.policy.cookieNames, OVERRIDE_COOKIE],
  };
  // The platform refuses a GET or HEAD with a body.
  const carried = BODYLESS.has(request.method) ? null : request.body;
  const { main: body, copy } = decision.mirrored
    ? mirrorBody(request, carried)
    : { main: carried, copy: undefined };
  // Parts, not a copied Request: the platform makes a Request of its own in any case.
  const send: Send = (variant) => ({
    url: targetUrl(variant.origin, path, search),
    init: {
      method: request.method,
      headers: originHeaders(request, { ...told, variant: variant.name }, variant.edits.request),
      body,
      redirect: "manual",
    },
  });
  if (node.mirror !== undefined && copy !== undefined) {
    const { variant } = decision;
    const headers = originHeaders(
      request,
      { ...told, variant: variant.name },
      variant.edits.request,
    );
    const { method } = request;
    const { to } = node.mirror;
    means.later(sendMirror(seams, { to, path, search, method, headers, body: copy }));
  }
  const replayable = REPLAYABLE.has(request.method) && request.body === null;
  const ways: Ways = { seams, health: means.health, send, replayable };
  const served = await failover(ways, decision);
  return node.assetRescue && request.method === "GET" && replayable
    ? rescueAsset(served, decision, path, ways)
    : served;
}
