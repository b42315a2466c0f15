import { withoutCookies } from "../respond/cookies.ts";
import { cookiesThatStay } from "../forward/origin-headers.ts";
import type { RequestContext } from "../forward/forward.ts";

/** Fields of requests for part of an answer, for a connection, or with a condition that only the origin can judge. */
const NOT_FOR_COPIES = [
  "authorization",
  "range",
  "upgrade",
  "if-match",
  "if-unmodified-since",
] as const;

/** Whether cookies of a request would reach its origin: all but ours do, unless the policy takes them away. */
function bringsCookies({ incoming, decision, route }: RequestContext): boolean {
  const { cookies } = incoming;
  if (cookies === "" || withoutCookies(cookies, cookiesThatStay(route.policy)) === undefined)
    return false;
  return !decision.variant.edits.request.some(
    ({ kind, name }) => name === "cookie" && kind !== "add",
  );
}

/** Why a request is neither answered from a copy nor leaves one, in a word; nothing where it may. */
export function passesBy(context: RequestContext): string | undefined {
  const { incoming, decision, digest } = context;
  const { method, headers, body } = incoming.request;
  if (method !== "GET" && method !== "HEAD") return "method";
  if (body !== null) return "body";
  const { reason } = decision;
  // A tester's page is for testers, and a page for who has not agreed may not count anybody.
  if (reason === "override" || reason === "no-consent") return reason;
  const field = NOT_FOR_COPIES.find((name) => headers.has(name));
  if (field !== undefined) return field;
  // The origin is told who asks.
  if (digest !== undefined) return "visitor";
  return bringsCookies(context) ? "cookie" : undefined;
}
