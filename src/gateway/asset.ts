import type { Decision } from "../decide/decide.ts";
import { attempt, discard } from "./attempt.ts";
import type { Send, Served } from "./failover.ts";
import type { Seams } from "./seams.ts";

/** A static asset whose name carries a fingerprint of its content: `app.3f9c2b1a.js`, `index-B7xk29_q.css`. */
const FINGERPRINTED =
  /[.\-_]([A-Za-z0-9_-]{8,64})(?:\.[a-z]{1,8})?\.(?:m?js|css|map|wasm|json|woff2?|ttf|otf|eot|png|jpe?g|gif|svg|webp|avif|ico|mp4|webm|mp3)$/;

/** Whether a path names such an asset. Names that are words only are not taken for fingerprints. */
export function isFingerprinted(path: string): boolean {
  const hash = FINGERPRINTED.exec(path)?.[1];
  return hash !== undefined && /\d/.test(hash);
}

/**
 * HTML of one build asks for assets of that build; where the visitor's variant has no such asset,
 * the others are asked, and the first that has it answers. The 404 stands where none has.
 */
export async function rescueAsset(
  served: Served,
  decision: Decision,
  path: string,
  send: Send,
  seams: Seams,
): Promise<Served> {
  if (served.response?.status !== 404 || !isFingerprinted(path)) return served;
  for (const variant of decision.node.variants) {
    if (variant === served.variant) continue;
    const { url, init } = send(variant);
    const { response, failure } = await attempt(seams, url, init, variant.timeoutMs);
    if (
      response !== undefined &&
      failure === undefined &&
      (response.ok || response.status === 304)
    ) {
      await discard(served.response);
      return { ...served, response, variant, failed: served.variant };
    }
    await discard(response);
  }
  return served;
}
