import type { AdminConfig } from "../../config/admin.ts";
import { ApiError, problem } from "../api-error.ts";
import { authenticate, type AccessContext } from "../auth.ts";
import type { Services } from "../call.ts";
import { isCrossSite } from "../cross-site.ts";
import { refuseUnknown, responseTo } from "../refusal.ts";
import { SIGN_IN_PATH, servedAt, type Served } from "./files.ts";
import { SESSION_PATH, session } from "./session.ts";

/** Names of built files change with what is in them. */
const CACHING: Readonly<Record<Served["kind"], string>> = {
  page: "no-store",
  "public page": "no-store",
  asset: "private, max-age=31536000, immutable",
  "public asset": "public, max-age=31536000, immutable",
};

/** Of the built files only these reach anybody: what they say, what they are, and by which tag they are known. */
const KEPT_HEADERS = ["content-type", "content-length", "etag"];

async function fileOf(
  assets: Fetcher,
  request: Request,
  { file, kind }: Served,
): Promise<Response> {
  const tag = request.headers.get("if-none-match");
  // Nothing of the caller goes along but what the file is asked for by.
  const found = await assets.fetch(new URL(file, request.url).href, {
    method: request.method,
    headers: tag === null ? {} : { "if-none-match": tag },
    redirect: "manual",
  });
  if (found.status !== 200 && found.status !== 304) throw new ApiError("not-found");
  const headers = new Headers({ "cache-control": CACHING[kind] });
  for (const name of KEPT_HEADERS) {
    const value = found.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(found.body, { status: found.status, headers });
}

/** To sign in, and from there back to where somebody wanted to go. */
function toSignIn({ pathname, search }: URL): Response {
  const wanted = pathname + search;
  const next = wanted === "/" ? "" : `?next=${encodeURIComponent(wanted)}`;
  const headers = { location: SIGN_IN_PATH + next, "cache-control": "no-store" };
  return new Response(null, { status: 303, headers });
}

async function served(
  assets: Fetcher,
  request: Request,
  access: AccessContext | undefined,
  admin: AdminConfig,
  services: Services,
): Promise<Response> {
  const url = new URL(request.url);
  if (isCrossSite(request)) throw new ApiError("cross-site");
  if (url.pathname === SESSION_PATH) return session(request, access, admin, services);
  const found = servedAt(url.pathname);
  if (found === undefined) throw new ApiError("not-found");
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new ApiError("method-not-allowed", undefined, { allow: "GET, HEAD" });
  const isPublic = found.kind === "public page" || found.kind === "public asset";
  if (isPublic || (await authenticate(request, access, admin, services.now())) !== undefined)
    return fileOf(assets, request, found);
  // A token that is tried here is tried as at the API.
  if (request.headers.has("authorization")) throw await refuseUnknown(request, services);
  if (found.kind === "page") return toSignIn(url);
  throw new ApiError("unauthorized");
}

/** Answers for the console: its pages to whom the API knows, to sign in to everybody. Without its files there is nothing. Never rejects. */
export async function serveConsole(
  request: Request,
  access: AccessContext | undefined,
  admin: AdminConfig,
  services: Services,
): Promise<Response> {
  const { ASSETS } = services.env;
  if (ASSETS === undefined) return problem(new ApiError("not-found"));
  try {
    return await served(ASSETS, request, access, admin, services);
  } catch (error) {
    return responseTo(error, services);
  }
}
