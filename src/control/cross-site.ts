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
