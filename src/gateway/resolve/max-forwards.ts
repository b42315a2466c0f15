/**
 * `Max-Forwards` (RFC 9110 §7.6.2): an OPTIONS or TRACE that may go no further is answered here.
 * TRACE is never forwarded: the platform's fetch refuses it, as the fetch standard says.
 */
export function isFinal(request: Request): boolean {
  if (request.method === "TRACE") return true;
  return request.method === "OPTIONS" && request.headers.get("max-forwards")?.trim() === "0";
}

const ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** The answer of the last recipient. TRACE is refused: to echo a request is to give its cookies away. */
export function answerFinal(request: Request): Response {
  const status = request.method === "TRACE" ? 405 : 204;
  return new Response(null, { status, headers: { allow: ALLOW, "cache-control": "no-store" } });
}

/** One hop less, where the field is there and the method is one it is for. */
export function nextMaxForwards(method: string, value: string | null): string | undefined {
  return method === "OPTIONS" && value !== null && /^\d{1,9}$/.test(value.trim())
    ? String(Math.max(0, Number(value) - 1))
    : undefined;
}
