import type { End } from "../../decide/outcome.ts";
import { leadsBack, locationOf } from "../../decide/location.ts";
import { applyEdits } from "../forward/header-edits.ts";
import type { Platform } from "../platform.ts";
import type { IncomingRequest } from "../resolve/incoming-request.ts";
import { guardCache } from "./cache.ts";

/** What a policy says that ends here; nothing where it would send the client round in a circle. */
export function answerEnd(
  end: End,
  { request, publicOrigin, path, search }: IncomingRequest,
  mount: string,
  secretOf: Platform["secret"],
): Response | undefined {
  const headers = new Headers();
  let body: string | null = null;
  if (end.do === "redirect") {
    const asked = { origin: publicOrigin, path, mount, search };
    const location = locationOf(end, asked);
    if (leadsBack(end, location, asked)) return undefined;
    headers.set("location", location);
  } else {
    if (end.contentType !== undefined) headers.set("content-type", end.contentType);
    if (end.body !== "" && request.method !== "HEAD") body = end.body;
  }
  const edits = end.node.headers.response;
  applyEdits(headers, edits, secretOf);
  guardCache(headers, end.node.cacheKey, false);
  if (end.do === "respond" && edits.every(({ name }) => name !== "cache-control"))
    headers.set("cache-control", "no-store");
  return new Response(body, { status: end.status, headers });
}
