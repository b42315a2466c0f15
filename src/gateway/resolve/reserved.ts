import { bytesDecoded } from "../../lib/percent-decoding.ts";

/** The one segment that is never a tenant's, and never the first that an origin sees; with what some servers take off a segment: blanks and NUL on both sides, dots behind it. */
const RESERVED = /^[\0- ]*\.switchyard[\0- .]*$/i;

/** Encodings upon encodings are decoded so often: nobody writes more by mistake, and each round costs. */
const MAX_ROUNDS = 4;

/** A path with its percent-encodings decoded, those that come to light by it too. */
function decoded(path: string): string {
  let text = path;
  for (let round = 0; round < MAX_ROUNDS && text.includes("%"); round += 1)
    text = bytesDecoded(text);
  return text;
}

/** A tenant's segment, which is taken off before its origin sees the rest. */
const TENANT = /^\w[\w-]*$/;

/** The segments that any server might see: doubled and backward slashes, dot segments, parameters and upper case aside. */
function segmentsOf(path: string): readonly string[] {
  const segments: string[] = [];
  for (const part of decoded(path).split(/[/\\]/)) {
    const [name = ""] = part.split(/[;?#]/, 1);
    if (name === "..") segments.pop();
    else if (name !== "" && name !== ".") segments.push(name);
  }
  return segments;
}

/**
 * Whether a URL is the control plane's, in any spelling that some server would read so. Such a
 * request never reaches an origin, whatever host it names and whether the control plane is on: it
 * may carry a token.
 */
export function isReserved(url: string): boolean {
  const query = url.search(/[?#]/);
  const target = query === -1 ? url : url.slice(0, query);
  // Most requests end here, before anything is parsed: whatever leads to it, a segment of it begins with a dot, or is encoded.
  if (!/[/\\;]\.|%/.test(target)) return false;
  const path = URL.parse(target)?.pathname;
  if (path === undefined) return false;
  const [first = "", second = ""] = segmentsOf(path);
  return RESERVED.test(first) || (TENANT.test(first) && RESERVED.test(second));
}
