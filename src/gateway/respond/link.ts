import type { Mount } from "./mount.ts";
import { toPublicUrl } from "./public-url.ts";

/** A target, a quoted text, or what stands between them; one way only to match, so that the time is linear. */
const PIECES = /<[^>]*>?|"(?:[^"\\]|\\.)*"?|[^<"]+/gs;

/** What stands before the text of an `anchor`, the other reference that a link may have (RFC 8288 §3.2). */
const ANCHOR = /;\s?anchor\s?=\s?$/i;

/** References of one answer that are led through the gateway; a page has a few dozen, and each may cost microseconds. */
export const MAX_LINKS = 500;

/** `Link` as the client must see it: the reference of each link led through the gateway, all else as it came, and so what comes behind the first {@link MAX_LINKS}. */
export function toPublicLinks(value: string, mount: Mount): string {
  if (!value.includes("<")) return value;
  let before = "";
  let links = 0;
  const pieces = value.match(PIECES) ?? [];
  return pieces
    .map((piece) => {
      const isAnchor = piece.startsWith('"') && ANCHOR.test(before.slice(-16));
      before = piece;
      if (!isAnchor && !piece.startsWith("<")) return piece;
      links += 1;
      if (links > MAX_LINKS) return piece;
      const end = piece.length > 1 && /[>"]$/.test(piece) ? -1 : piece.length;
      const url = piece.slice(1, end);
      const outside = toPublicUrl(url.trim(), mount);
      return outside === url.trim() ? piece : piece[0] + outside + piece.slice(1 + url.length);
    })
    .join("");
}
