import { within } from "../load/within.ts";
import type { Platform } from "../platform.ts";
import { MAX_BODY_BYTES } from "./storable.ts";

/**
 * The body of an answer, whole; nothing where it is too large, takes longer than so long (ms) or has
 * another length than its head says. Rejects where it breaks off.
 */
export async function readWhole(
  { body, headers }: Response,
  ms: number,
  platform: Platform,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const stream: ReadableStream<Uint8Array> | null = body;
  const reader = stream?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reading = (async () => {
    for (;;) {
      const value = (await reader?.read())?.value;
      if (value === undefined) return true;
      bytes += value.length;
      if (bytes > MAX_BODY_BYTES) return false;
      chunks.push(value);
    }
  })();
  if ((await within(ms, reading, platform)) !== true) {
    reading.catch(() => {});
    await reader?.cancel();
    return undefined;
  }
  const length = headers.get("content-length");
  // The length of a body that is packed is that of the packed one.
  if (length !== null && !headers.has("content-encoding") && Number(length) !== bytes)
    return undefined;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
