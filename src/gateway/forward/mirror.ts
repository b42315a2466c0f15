import type { Variant } from "../../policy/compiled.ts";
import { applyEdits } from "./header-edits.ts";
import type { Platform } from "../platform.ts";
import { targetUrl, type Connection } from "./target.ts";

/** A body is copied to the mirror up to this size (bytes); a larger or chunked one is mirrored not at all. */
export const MAX_MIRROR_BODY_BYTES = 65_536;

/** Marks a shadow copy, so that its origin can leave side effects out. */
export const MIRROR_HEADER = "x-switchyard-mirror";

/** The shadow origin's head is waited for so long (ms), or its own `timeoutMs`: inside the 30 s a Worker may run on after its response. */
export const MIRROR_TIMEOUT_MS = 10_000;

/** A request's body in two: what goes to the origin, and what goes to the mirror. */
export interface Bodies {
  readonly main: ReadableStream<Uint8Array> | null;
  /** Absent where the request is not to be mirrored. */
  readonly copy: ReadableStream<Uint8Array> | null | undefined;
}

/**
 * Splits a body where the mirror may have it. A WebSocket is mirrored not at all: without its
 * conversation the handshake says nothing.
 */
export function mirrorBody(request: Request, body: ReadableStream<Uint8Array> | null): Bodies {
  if (request.headers.has("upgrade")) return { main: body, copy: undefined };
  if (body === null) return { main: null, copy: null };
  const length = request.headers.get("content-length");
  if (length === null || !(Number(length) <= MAX_MIRROR_BODY_BYTES))
    return { main: body, copy: undefined };
  const [main, copy] = body.tee();
  return { main, copy };
}

/** A shadow copy of a request: as the decided variant gets it, `headers` its own to change. */
export interface Shadow {
  readonly to: Variant;
  readonly path: string;
  readonly search: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Promise<ArrayBuffer> | null;
  /** What `fetch` is told beside. */
  readonly connected: Connection;
}

/** Sends the shadow copy and drops its answer: not followed, not retried, and never an error of the request. */
export async function sendMirror(
  platform: Platform,
  { to, path, search, method, headers, body, connected }: Shadow,
): Promise<void> {
  const controller = new AbortController();
  const timeoutMs = Math.min(MIRROR_TIMEOUT_MS, to.timeoutMs);
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    applyEdits(headers, to.edits.request, platform.secret);
    headers.set(MIRROR_HEADER, "true");
    const init = {
      method,
      headers,
      body: await body,
      redirect: "manual" as const,
      signal: controller.signal,
      ...connected,
    };
    const url = targetUrl(to.origin, path, search);
    const response = await platform.fetch(url, init, to.origin.via);
    await response.body?.cancel();
  } catch {
    // Nobody waits for the shadow's answer, its absence included.
  } finally {
    clearTimeout(timer);
  }
}
