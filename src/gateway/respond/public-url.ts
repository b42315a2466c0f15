import { normalPath } from "../../lib/path.ts";
import { isSameHost } from "../resolve/same-host.ts";
import { applyCut, cutOf, originPath, type Mount } from "./mount.ts";

/** A reference in text: scheme and authority, path, query with fragment. */
const PARTS = /^((?:https?:)?\/\/[^/\\?#]*)?([^?#]*)(.*)$/is;

/** What a parser would change in a path: dot segments, backslashes, tabs. Such a path has to be resolved to be judged. */
const UNSETTLED = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|[\\\t]/i;

/** A path as the outside sees it: as text where that is enough, so that its bytes stay, else resolved. */
function toPublicPath(text: string, resolve: () => URL | null, mount: Mount): string | undefined {
  const cut = UNSETTLED.test(text) || text === "" ? undefined : cutOf(text, mount);
  if (cut !== undefined) return applyCut(text, cut);
  const url = resolve();
  if (url === null) return undefined;
  const normal = normalPath(url.pathname);
  const normalCut = cutOf(normal, mount);
  return normalCut && applyCut(normal, normalCut);
}

/**
 * What is relative to the page stays so wherever a browser comes to the same place by it. It does
 * not at `/storefrontA`, where the origin counts from below and the browser from beside it, nor
 * where `..` leads out of the mount.
 */
function fromRelative(reference: string, suffix: string, mount: Mount): string {
  const inside = URL.parse(reference, mount.origin.origin + originPath(mount));
  if (inside === null || inside.origin !== mount.origin.origin) return reference;
  const path = normalPath(inside.pathname);
  const cut = cutOf(path, mount);
  if (cut === undefined) return reference;
  const outside = applyCut(path, cut);
  const seen = URL.parse(reference, mount.publicOrigin + mount.path);
  if (seen !== null && normalPath(seen.pathname) === outside) return reference;
  return localReference(outside, mount) + suffix;
}

/** A path as a reference. One that begins with two slashes would name another host: it is written with ours. */
function localReference(path: string, { publicOrigin }: Mount): string {
  return /^\/[/\\]/.test(path) ? publicOrigin + path : path;
}

/**
 * A reference of the origin as the client must see it. One that names the origin is led through the
 * gateway; other hosts, and paths the gateway does not mount, stay as they are. Only what has to
 * change does: query and fragment stay byte for byte, empty ones too, and the rest of the path where
 * it holds no dot segments.
 */
export function toPublicUrl(reference: string, mount: Mount): string {
  const { origin, prefix, publicOrigin } = mount;
  const [, authority, path = "", suffix = ""] = PARTS.exec(reference) ?? [];
  const isPath = authority === undefined && /^\/(?![/\\])/.test(reference);
  if (isPath || (authority === undefined && /^[^/\\?#:]+(?:[/\\?#]|$)/.test(reference))) {
    // Nothing stands before an origin's paths, and nothing is taken off: inside and outside are one.
    if (prefix === "" && origin.base === "") return reference;
    // Below the prefix both count from the same folder, as long as nothing leads out of it.
    const isSettled = mount.path !== prefix && !UNSETTLED.test(path);
    if (!isPath) return isSettled ? reference : fromRelative(reference, suffix, mount);
    const outside = toPublicPath(path, () => URL.parse(reference, origin.origin), mount);
    if (outside === undefined || outside === path) return reference;
    return localReference(outside, mount) + suffix;
  }
  if (!/^(?:https?:|[/\\]{2})/i.test(reference)) return reference;
  const url = URL.parse(reference, origin.origin);
  const inside = URL.parse(origin.origin);
  if (url === null || inside === null || !isSameHost(url, inside)) return reference;
  const outside = toPublicPath(authority === undefined ? "" : path, () => url, mount);
  if (outside === undefined) return reference;
  // An origin that goes by the gateway's own name has named the gateway: its scheme is meant.
  const isPublic = url.host === URL.parse(publicOrigin)?.host;
  const result = (isPublic ? url.origin : publicOrigin) + outside + suffix;
  return isPublic && outside === path ? reference : result;
}
