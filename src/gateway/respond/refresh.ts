import type { Mount } from "./mount.ts";
import { toPublicUrl } from "./public-url.ts";

/**
 * Seconds, a separator, `url=` or not, a quote or none: what stands before the URL of a `Refresh`
 * (HTML standard, "shared declarative refresh steps"). Every part may be absent, so that there is
 * one way only to match and the time is linear.
 */
const BEFORE_URL = /^[\d.\s]*[;,]?\s*(?:url\s*=\s*)?["']?/i;

/** `Refresh` as the client must see it: `5; url=/next`, the URL in it led through the gateway, all else as it came. */
export function toPublicRefresh(value: string, mount: Mount): string {
  const start = BEFORE_URL.exec(value)?.[0] ?? "";
  const quote = /["']$/.exec(start)?.[0];
  const rest = value.slice(start.length);
  const end = quote === undefined ? rest.length : rest.indexOf(quote);
  const url = end === -1 ? rest : rest.slice(0, end);
  const trimmed = url.trim();
  const outside = toPublicUrl(trimmed, mount);
  return outside === trimmed ? value : start + outside + rest.slice(url.length);
}
