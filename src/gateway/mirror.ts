import type { Origin } from "../policy/compiled.ts";
import type { Seams } from "./seams.ts";
import { targetUrl } from "./target.ts";

/** A body is copied to the mirror up to this size (bytes); a larger or chunked one is mirrored not at all. */
export const MAX_MIRROR_BODY_BYTES = 65_536;

/** Marks a shadow copy, so that its origin can leave side effects out. */
export const MIRROR_HEADER = "x-switchyard-mirror";

/** The shadow origin's head is waited for so long (ms): inside the 30 s a Worker may run on after its response. */
const MIRROR_TIMEOUT_MS = 10_000;

/** A request's body in two: what goes to the origin, and what goes to the mirror. */
export interface Bodies {
  readonly main: ReadableStream | null;
  /** Absent where the body is too large to be mirrored. */
  readonly copy: ReadableStream | null | undefined;
}

/** Splits a body where the mirror may have it. */
export function mirrorBody(request: Request): Bodies {
  if (request.body === null) return { main: null, copy: null };
  const length = request.headers.get("content-length");
  if (length === null || !(Number(length) <= MAX_MIRROR_BODY_BYTES))
    return { main: request.body, copy: undefined };
  const [main, copy] = request.body.tee();
  return { main, copy };
}

/** Sends the shadow copy and drops its answer: not followed, not retried, and never an error of the request. */
export async function sendMirror(
  seams: Seams,
  {
    origin,
    path,
    search,
    method,
    headers,
    body,
  }: {
    origin: Origin;
    path: string;
    search: string;
    method: string;
    headers: Headers;
    body: ReadableStream | null;
  },
): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), MIRROR_TIMEOUT_MS);
  try {
    const copy = new Headers(headers);
    copy.set(MIRROR_HEADER, "true");
    copy.delete("upgrade");
    // Read whole first: the copy then has a length, and the two branches never wait for each other.
    const bytes = body === null ? null : await new Response(body).arrayBuffer();
    const response = await seams.fetch(targetUrl(origin, path, search), {
      method,
      headers: copy,
      body: bytes,
      redirect: "manual",
      signal: controller.signal,
    });
    await response.body?.cancel();
  } catch {
    // Nobody waits for the shadow's answer, its absence included.
  } finally {
    clearTimeout(timer);
  }
}
