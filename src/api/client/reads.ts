import type * as v from "valibot";

import type { RequestDescription } from "../../decide/request-description.ts";
import type { AuditLog } from "../audit.ts";
import type { ExposureSchema } from "../exposures.ts";
import type { Health } from "../health-form.ts";
import type { LinkRequest } from "../links.ts";
import type { PreviewSchema } from "../preview.ts";
import type { ROUTE, ROUTE_LIST } from "../routes.ts";
import type { STATUS } from "../status.ts";
import type { Client } from "./ask.ts";
import { Refused } from "./refused.ts";
import { request, requestLines } from "./request.ts";

/** A route as the API tells it. `policy` is null where only KV has one. */
export type Route = v.InferOutput<typeof ROUTE.schema>;

/** One page of the routes there are. */
export type RoutesPage = v.InferOutput<typeof ROUTE_LIST.schema>;

/** One visitor of the sample in one experiment. */
export type Exposure = v.InferOutput<typeof ExposureSchema>;

/** One page of all routes at a glance. */
export type StatusPage = v.InferOutput<typeof STATUS.schema>;

/** A route that must be there. */
export async function getRoute(client: Client, key: string): Promise<Route> {
  return request(client, "readRoute", { params: { key } });
}

/** A route, or `undefined` where there is none. */
export async function findRoute(client: Client, key: string): Promise<Route | undefined> {
  try {
    return await getRoute(client, key);
  } catch (error) {
    if (error instanceof Refused && error.code === "route-not-found") return undefined;
    throw error;
  }
}

/** What the list of routes is narrowed to. */
export interface Narrowed {
  readonly prefix?: string | undefined;
  /** A text anywhere in the key. */
  readonly q?: string | undefined;
  /** Routes on one page; 1000 at most, and where it is left out. */
  readonly limit?: number;
  /** Whose list; both together where it is left out. */
  readonly source?: "hub" | "kv";
}

/** The routes there are, page by page, from a cursor on. */
export async function* pagesOfRoutes(
  client: Client,
  { limit = 1000, ...narrowed }: Narrowed,
  from?: string,
): AsyncGenerator<RoutesPage> {
  let cursor: string | null | undefined = from;
  do {
    const query = { ...narrowed, limit, cursor };
    const page: RoutesPage = await request(client, "listRoutes", { query });
    yield page;
    cursor = page.cursor;
  } while (cursor !== null);
}

/** One page of a route's versions, the newest first. */
export async function listVersions(client: Client, key: string, limit: number, cursor?: string) {
  return request(client, "listVersions", { params: { key }, query: { limit, cursor } });
}

/** One version with its policy. */
export async function readVersion(client: Client, key: string, version: number) {
  return request(client, "readVersion", { params: { key, version: String(version) } });
}

/** What an edit would do, judged by the server that would serve it, and what the edit itself then needs. */
export async function previewRoute(
  client: Client,
  key: string,
  body: v.InferInput<typeof PreviewSchema>,
) {
  return request(client, "preview", { params: { key }, body });
}

/** What the server would do with a request: now, or by a route's own newest or earlier version. */
export async function explainRequest(
  client: Client,
  described: RequestDescription,
  route?: { readonly key: string; readonly version?: number },
) {
  if (route === undefined) return request(client, "explain", { body: { request: described } });
  const { key, ...version } = route;
  return request(client, "explainRoute", {
    params: { key },
    body: { request: described, ...version },
  });
}

/** What is asked of a route's metrics; the server's defaults where it is left out. */
export interface MetricsAsked {
  /** Seconds back from now. */
  readonly window?: number | undefined;
  /** Seconds of a point. */
  readonly step?: number | undefined;
}

/** Requests, failures and latencies of each variant of a route. */
export async function routeMetrics(client: Client, key: string, query: MetricsAsked = {}) {
  return request(client, "routeMetrics", { params: { key }, query: { ...query } });
}

/** What is concluded of each experiment of a route. */
export async function routeResults(client: Client, key: string) {
  return request(client, "routeResults", { params: { key } });
}

/** The sample of a route, line by line as it comes. Throws where it breaks off: what came before is then not all. */
export async function* exposures(client: Client, key: string): AsyncGenerator<Exposure> {
  for await (const line of requestLines(client, "exposures", { params: { key } })) yield line;
}

/** All routes at a glance, page by page, from a cursor on. */
export async function* status(
  client: Client,
  { limit, prefix }: Pick<Narrowed, "prefix" | "limit"> = {},
  from?: string,
): AsyncGenerator<StatusPage> {
  let cursor: string | null | undefined = from;
  do {
    const page: StatusPage = await request(client, "status", { query: { prefix, limit, cursor } });
    yield page;
    cursor = page.next;
  } while (cursor !== null);
}

/** What changed between two versions of a route, and who moved. */
export async function diffVersions(
  client: Client,
  key: string,
  query: { readonly from: number | undefined; readonly to: number | undefined },
) {
  return request(client, "diffVersions", { params: { key }, query });
}

/** One page of what was done to a route, the newest first. */
export async function readAudit(
  client: Client,
  key: string,
  limit: number,
  cursor?: string,
): Promise<AuditLog> {
  return request(client, "readAudit", { params: { key }, query: { limit, cursor } });
}

/** How the control plane is, part by part, be it well or not. Throws where it cannot say. */
export async function readHealth(client: Client, signal?: AbortSignal): Promise<Health> {
  try {
    return await request(client, "health", signal === undefined ? {} : { signal });
  } catch (error) {
    const told = error instanceof Refused ? error.problem.health : undefined;
    if (told === undefined) throw error;
    return told;
  }
}

/** Who may call the API, as far as the caller's own scope goes. */
export async function listTokens(client: Client) {
  return request(client, "listTokens", {});
}

/** Who asks. */
export async function me(client: Client) {
  return request(client, "me", {});
}

/** A one-time code, and the link by which it signs a browser in to the console. */
export async function makeSignInCode(client: Client) {
  return request(client, "makeSignInCode", { harmlessTwice: true });
}

/** A signed QA link. */
export async function makeLink(client: Client, key: string, body: LinkRequest) {
  return request(client, "makeLink", { params: { key }, body });
}
