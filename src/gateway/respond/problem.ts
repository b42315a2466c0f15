/** The error catalogue: a stable code, its status, and a line for people. Nothing else ever reaches a client. */
export const PROBLEMS = {
  "request-invalid": { status: 400, title: "This request names no valid host" },
  "tenant-required": { status: 400, title: "This path names no storefront or tenant" },
  "route-not-found": { status: 404, title: "No route for this request" },
  "path-not-mapped": { status: 404, title: "No origin is mapped to this path" },
  "policy-invalid": { status: 503, title: "The route is misconfigured" },
  "config-unavailable": { status: 503, title: "The route's configuration cannot be read just now" },
  "origin-unreachable": { status: 502, title: "The origin cannot be reached" },
  "origin-timeout": { status: 504, title: "The origin did not answer in time" },
  "loop-detected": { status: 508, title: "The request has been through this gateway already" },
  "internal-error": { status: 500, title: "The gateway failed" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** After how many seconds a client may try again, where waiting helps. */
const RETRY_AFTER_SECONDS = 5;

/** Whether the client asks for text or HTML rather than JSON: the media type named first wins, `*` counts as JSON. */
function wantsText(accept: string | null): boolean {
  const types = (accept ?? "").toLowerCase();
  const text = types.search(/\btext\/(?:html|plain|\*)/);
  const json = types.search(/\bapplication\/(?:problem\+)?json/);
  return text !== -1 && (json === -1 || text < json);
}

/** The answer for an error: RFC 9457 problem details, or a line of text where the client asks for text or HTML. */
export function problem(code: ProblemCode, request: Request): Response {
  const { status, title } = PROBLEMS[code];
  const headers = new Headers({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "accept",
  });
  if (status === 503) headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  const isText = wantsText(request.headers.get("accept"));
  headers.set("content-type", isText ? "text/plain; charset=utf-8" : "application/problem+json");
  const body = isText
    ? `${title} (${code})\n`
    : JSON.stringify({ type: "about:blank", title, status, code });
  return new Response(request.method === "HEAD" ? null : body, { status, headers });
}
