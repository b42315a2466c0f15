import type { Decision } from "../../decide/outcome.ts";
import { discard } from "./attempt.ts";
import { ask, isDown, type UpstreamContext } from "./ask.ts";
import type { UpstreamResult } from "./failover.ts";

/**
 * A static asset whose name carries a fingerprint of its content, after a separator or as the whole
 * name: `app.3f9c2b1a.js`, `index-B7xk29_q.css`, `/_nuxt/DqRtBvXa.js`.
 */
const FINGERPRINTED =
  /[./\-_]([A-Za-z0-9_-]{8,64})(?:\.[a-z]{1,8})?\.(?:m?js|css|map|wasm|json|webmanifest|woff2?|ttf|otf|eot|png|jpe?g|gif|svg|webp|avif|ico|mp4|webm|mp3)$/;

/**
 * Whether a path names such an asset. Words in lower case are not taken for fingerprints; a name that
 * only looks like one costs a second look for a file that is missing anyway, so doubt counts as yes.
 */
export function isFingerprinted(path: string): boolean {
  const hash = FINGERPRINTED.exec(path)?.[1];
  return hash !== undefined && /[0-9A-Z]/.test(hash);
}

/**
 * HTML of one build asks for assets of that build; where the visitor's variant has no such asset,
 * the others are asked, and the first that has it answers; the 404 stands where none has. Origins
 * known to be down are not asked, and all others together get the visitor's variant's `timeoutMs`.
 */
export async function rescueAsset(
  upstream: UpstreamResult,
  { node }: Decision,
  path: string,
  context: UpstreamContext,
): Promise<UpstreamResult> {
  const { variant: missed, rescuedFrom, response: missing } = upstream;
  if (missing?.status !== 404 || !node.variants.includes(missed) || !isFingerprinted(path))
    return upstream;
  const { platform } = context;
  const deadline = platform.now() + missed.timeoutMs;
  for (const variant of node.variants) {
    if (variant === missed || variant === rescuedFrom) continue;
    const left = Math.min(deadline - platform.now(), variant.timeoutMs);
    if (left <= 0) break;
    if (isDown(context, variant)) continue;
    const { response } = await ask(context, variant, left);
    if (response !== undefined && (response.ok || response.status === 304)) {
      await discard(missing);
      return { ...upstream, response, variant, rescuedFrom: missed };
    }
    await discard(response);
  }
  return upstream;
}
