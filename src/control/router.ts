import { Router } from "itty-router";

import type { AdminConfig } from "../config/admin.ts";
import { authenticate, mayDo, type AccessContext, type Caller } from "./auth.ts";
import { BASE } from "../api/base.ts";
import { readText } from "./body.ts";
import { isCrossSite, mayBeForged, notShownAsOurs } from "./cross-site.ts";
import { keyOf, type Services } from "./call.ts";
import { readDocument } from "./documents.ts";
import { asksHealth, publicHealth } from "./health/public.ts";
import { nearest } from "../lib/nearest.ts";
import { shorten } from "../lib/shorten.ts";
import { HANDLERS } from "./handlers.ts";
import { METRICS_PATH, scrape } from "./open-metrics/scrape.ts";
import { OPERATIONS, type Operation } from "../api/operations.ts";
import { ApiError, problem } from "./api-error.ts";
import { refuseUnknown, responseTo } from "./refusal.ts";

/** What itty-router matches: it writes to what it is given, so it never gets the request itself. */
interface Matched {
  readonly method: string;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A request with its proven caller. */
interface Visit {
  readonly request: Request;
  readonly caller: Caller;
  readonly admin: AdminConfig;
  readonly services: Services;
}

/** Refuses a query parameter that the operation does not take, or that is given twice. */
function demandKnownQuery({ searchParams }: URL, { query = [] }: Operation): void {
  const seen = new Set<string>();
  for (const name of searchParams.keys()) {
    const shown = shorten(name);
    if (seen.has(name)) throw new ApiError("query-invalid", `"${shown}" is given twice`);
    seen.add(name);
    if (query.includes(name)) continue;
    const near = nearest(name, query);
    const known = query.length === 0 ? "there is none here" : `known here: ${query.join(", ")}`;
    const fix = near === undefined ? known : `did you mean "${near}"?`;
    throw new ApiError("query-invalid", { what: `"${shown}" is not a parameter of this`, fix });
  }
}

async function perform(
  operation: Operation,
  params: Matched["params"],
  visit: Visit,
): Promise<Response> {
  const { request, caller } = visit;
  const key = "key" in params ? keyOf(params) : undefined;
  if (!mayDo(caller, operation.role, key)) throw new ApiError("forbidden");
  const text = operation.method === "GET" ? "" : await readText(request);
  const url = new URL(request.url);
  demandKnownQuery(url, operation);
  return HANDLERS[operation.id]({ ...visit, operation, url, params, text });
}

function createRouter() {
  const router = Router<Matched, [Visit], Response>({
    base: BASE,
    // itty-router's own would tell the caller what the error says.
    catch: (error: unknown, _matched: Matched, { services }: Visit): Response =>
      responseTo(error, services),
  });
  for (const operation of OPERATIONS) {
    router.all(operation.path, async ({ method, params }, visit) =>
      method === operation.method ? perform(operation, params, visit) : undefined,
    );
  }
  // Reached only where no method fits: the path is known, or it is not.
  for (const path of new Set(OPERATIONS.map((operation) => operation.path))) {
    const allow = OPERATIONS.filter((one) => one.path === path).map(({ method }) => method);
    router.all(path, () => {
      throw new ApiError("method-not-allowed", undefined, { allow: allow.join(", ") });
    });
  }
  router.all("*", () => {
    throw new ApiError("not-found");
  });
  return router;
}

let router: ReturnType<typeof createRouter> | undefined;

/** Answers one request to the API. Never rejects. */
export async function answer(
  request: Request,
  access: AccessContext | undefined,
  admin: AdminConfig,
  services: Services,
): Promise<Response> {
  try {
    if (isCrossSite(request)) return problem(new ApiError("cross-site"));
    const document = readDocument(request);
    if (document !== undefined) return document;
    const caller = await authenticate(request, access, admin, services.now());
    if (caller === undefined && asksHealth(request) && !request.headers.has("authorization"))
      return await publicHealth(services);
    if (caller === undefined) return problem(await refuseUnknown(request, services));
    if (mayBeForged(request, caller)) return problem(notShownAsOurs(request));
    const { method, url } = request;
    if (new URL(url).pathname === METRICS_PATH) return await scrape(request, caller, services);
    router ??= createRouter();
    return await router.fetch({ method, url, params: {} }, { request, caller, admin, services });
  } catch (error) {
    return responseTo(error, services);
  }
}
