import { CONSOLE_HEADER } from "../api/base.ts";
import { ApiError } from "./api-error.ts";
import type { Caller } from "./auth.ts";

/** Methods that change nothing (RFC 9110 §9.2.1). */
const SAFE = new Set(["GET", "HEAD"]);

/**
 * Whether a page of another site made a browser ask this: by its `Origin` (RFC 6454) for whatever
 * it asks, and by `Sec-Fetch-Site` (W3C Fetch Metadata) for what may change something. Programs send
 * neither, and a caller who has proven who they are may still be a browser that was led here.
 */
export function isCrossSite(request: Request): boolean {
  const origin = request.headers.get("origin");
  if (origin !== null && URL.parse(origin)?.host !== new URL(request.url).host) return true;
  const site = request.headers.get("sec-fetch-site");
  return site !== null && !SAFE.has(request.method) && site !== "same-origin" && site !== "none";
}

/**
 * Whether a page that this Worker serves asks this. Browsers alone say where a request comes from
 * (W3C Fetch Metadata), and no page of another origin can send the field of our own, a sibling host's
 * neither: those are same-site, and their requests carry cookies, `SameSite=Strict` or not.
 */
export function isOwnPage({ headers }: Request): boolean {
  return headers.get("sec-fetch-site") === "same-origin" && headers.has(CONSOLE_HEADER);
}

/** Whether a browser may have been led to ask this: what proves the caller came along by itself, and no page of ours is shown to have asked. */
export function mayBeForged(request: Request, { proof }: Caller): boolean {
  if (proof.by === "token") return false;
  const site = request.headers.get("sec-fetch-site");
  if (SAFE.has(request.method)) return site !== null && site !== "same-origin" && site !== "none";
  // Programs pass through Cloudflare Access too, and say nothing of pages.
  if (proof.by === "access" && site === null && !request.headers.has("origin")) return false;
  return !isOwnPage(request);
}

/** The refusal of what no page of ours is shown to have asked: in words where the browser, or the address that it knows us by, is why. */
export function notShownAsOurs({ headers }: Request): ApiError {
  const site = headers.get("sec-fetch-site");
  if (site === null)
    return new ApiError("cross-site", {
      what: "nothing shows that a page of the console asks: Sec-Fetch-Site is missing, which browsers send to HTTPS and loopback addresses alone, and Safari since 16.4",
      fix: "use such an address and browser, or a bearer token",
    });
  if (site === "same-origin")
    return new ApiError("cross-site", `send the field ${CONSOLE_HEADER}, as the console does`);
  return new ApiError("cross-site");
}
