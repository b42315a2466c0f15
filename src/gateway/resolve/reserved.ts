/** The one segment that is never a tenant's and never an origin's. */
const RESERVED = ".switchyard";

/** Encodings upon encodings are decoded so often: nobody writes more by mistake, and each round costs. */
const MAX_ROUNDS = 4;

const ESCAPES = /%([0-9A-Fa-f]{2})/g;

/** A path with its percent-encodings decoded, those that come to light by it too. */
function decoded(path: string): string {
  let text = path;
  for (let round = 0; round < MAX_ROUNDS && text.includes("%"); round += 1) {
    const next = text.replaceAll(ESCAPES, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (next === text) break;
    text = next;
  }
  return text;
}

/** The first segment that any server might see: doubled and backward slashes, dot segments, parameters and upper case aside. */
function firstSegment(path: string): string | undefined {
  const segments: string[] = [];
  for (const part of decoded(path).split(/[/\\]/)) {
    const [name = ""] = part.split(";");
    if (name === "..") segments.pop();
    else if (name !== "" && name !== ".") segments.push(name);
  }
  return segments[0]?.toLowerCase();
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
  return path !== undefined && firstSegment(path) === RESERVED;
}
