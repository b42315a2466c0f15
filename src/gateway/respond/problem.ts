import type { ErrorPages } from "../../config/error-pages.ts";
import { PROBLEMS, type ProblemCode } from "../../lib/gateway-problems.ts";
import { errorPage, PAGE_SECURITY, requestIdOf } from "./error-page.ts";

/** After how many seconds a client may try again, where waiting helps. */
const RETRY_AFTER_SECONDS = 5;

/** What a client wants to read: the media type named first wins, and `*` counts as JSON. */
const WANTED = /\b(?:text\/(html|plain|\*)|application\/(?:problem\+)?json)/i;

/** The answer for an error: RFC 9457 problem details; where the client asks for HTML a page, for text a line. */
export function problem(
  code: ProblemCode,
  request: Request,
  pages: ErrorPages = {},
  requestId = requestIdOf(request),
): Response {
  const { status, title } = PROBLEMS[code];
  const headers = new Headers({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    vary: "accept",
  });
  if (status === 503) headers.set("retry-after", String(RETRY_AFTER_SECONDS));
  const wanted = WANTED.exec(request.headers.get("accept") ?? "")?.[1]?.toLowerCase();
  let type = "application/problem+json";
  let body: string;
  if (wanted === "html") {
    type = "text/html; charset=utf-8";
    headers.set("content-security-policy", PAGE_SECURITY);
    body = errorPage({ code, status, title, requestId }, pages[code] ?? pages["default"]);
  } else if (wanted === undefined)
    body = JSON.stringify({ type: "about:blank", title, status, code });
  else {
    type = "text/plain; charset=utf-8";
    body = `${title} (${code})\n`;
  }
  headers.set("content-type", type);
  return new Response(request.method === "HEAD" ? null : body, { status, headers });
}
