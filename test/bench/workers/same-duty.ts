/**
 * A correct proxy for one hard-coded origin, every duty done the plainest way: what a careful engineer writes in an
 * afternoon with no KV, no policy and no choice. The gap between this and Switchyard is what the choice costs.
 */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const FORGEABLE = [
  "host",
  "expect",
  "proxy",
  "x-forwarded-port",
  "x-forwarded-server",
  "x-forwarded-ssl",
  "x-forwarded-scheme",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
  "x-host",
  "x-http-host-override",
];
const TIMEOUT_MS = 30_000;
const OWN_COOKIE = /^\s*sy=/;

function dropHopByHop(headers: Headers): void {
  for (const name of headers.get("connection")?.split(",") ?? []) {
    if (name.trim() !== "") headers.delete(name.trim());
  }
  for (const name of HOP_BY_HOP) headers.delete(name);
}

function requestHeaders(request: Request, url: URL): Headers {
  const headers = new Headers(request.headers);
  dropHopByHop(headers);
  for (const name of FORGEABLE) headers.delete(name);
  const ip = request.headers.get("cf-connecting-ip");
  if (ip === null) headers.delete("x-forwarded-for");
  else headers.set("x-forwarded-for", ip);
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  headers.delete("x-forwarded-prefix");
  headers.append("via", "1.1 same-duty");
  headers.set("x-switchyard-route", url.hostname);
  headers.set("x-switchyard-variant", "origin");
  const cookie = headers.get("cookie");
  if (cookie !== null) {
    const kept = cookie.split(";").filter((pair) => !OWN_COOKIE.test(pair));
    if (kept.length === 0) headers.delete("cookie");
    else headers.set("cookie", kept.join(";").trim());
  }
  return headers;
}

function responseHeaders(response: Response, origin: URL, url: URL): Headers {
  const headers = new Headers(response.headers);
  dropHopByHop(headers);
  for (const name of ["location", "content-location"]) {
    const reference = headers.get(name);
    const target = reference === null ? null : URL.parse(reference, origin.href);
    if (target?.host === origin.host)
      headers.set(name, url.origin + target.pathname + target.search + target.hash);
  }
  const refresh = headers.get("refresh");
  if (refresh !== null) headers.set("refresh", refresh.replace(origin.origin, url.origin));
  if (headers.has("set-cookie")) {
    headers.set("cache-control", "private");
    const cookies = headers.getSetCookie();
    headers.delete("set-cookie");
    for (const cookie of cookies)
      headers.append("set-cookie", cookie.replace(/;\s*domain=[^;]*/i, ""));
  }
  const vary = headers.get("vary");
  headers.set("vary", vary === null ? "cookie" : `${vary}, cookie`);
  headers.set("x-served-by", "same-duty");
  headers.set("x-route", url.hostname);
  headers.set("x-variant", "origin");
  return headers;
}

export default {
  async fetch(request: Request, env: { readonly TARGET: string }): Promise<Response> {
    if (request.headers.get("via")?.includes("same-duty") === true)
      return new Response("loop", { status: 508 });
    const url = new URL(request.url);
    const origin = new URL(env.TARGET);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(env.TARGET + url.pathname + url.search, {
        method: request.method,
        headers: requestHeaders(request, url),
        body: request.body,
        redirect: "manual",
        signal: controller.signal,
      });
      return new Response(response.body, {
        status: response.status,
        statusText: response.statusText,
        headers: responseHeaders(response, origin, url),
      });
    } catch {
      return controller.signal.aborted
        ? new Response("the origin did not answer in time", { status: 504 })
        : new Response("the origin cannot be reached", { status: 502 });
    } finally {
      clearTimeout(timer);
    }
  },
};
