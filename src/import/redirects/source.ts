import { normalPath } from "../../lib/path.ts";
import type { PathMatch } from "../entry.ts";
import { readHostname } from "../hostname.ts";
import type { Place } from "../place.ts";

/** What a rule's first word says: where it holds, and what its target may repeat. */
export interface Source {
  /** The host, where it names one, and then the scheme. */
  readonly host: string | undefined;
  readonly scheme: string | undefined;
  readonly paths: readonly PathMatch[];
  /** The path as it is written, without a splat and a slash at its end. */
  readonly path: string;
  readonly hasSplat: boolean;
  readonly hasPlaceholders: boolean;
}

const PATH = /^\/(?:[-A-Za-z0-9/._~!$&'()+,;=:@]|%[0-9A-Fa-f]{2})*$/;

/** A segment that stands for any one segment. */
export const PLACEHOLDER = /^:[A-Za-z]\w*$/;

/** Characters that mean something in a regular expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

function regexOf(segments: readonly string[], hasSplat: boolean): string {
  const parts = segments.map((segment) =>
    PLACEHOLDER.test(segment) ? "[^/]+" : normalPath(segment).replace(SPECIAL, "\\$&"),
  );
  return `/${parts.join("/")}${hasSplat ? "(?:/.*)?" : "/?"}`;
}

/** An exact path means the same with a slash at its end. */
function exact(path: string): PathMatch[] {
  const normal = normalPath(path);
  return normal === ""
    ? [{ kind: "exact", value: "/" }]
    : ["", "/"].map((end) => ({ kind: "exact", value: normal + end }));
}

function pathsOf(path: string, hasSplat: boolean): PathMatch[] {
  const segments = path.split("/").slice(1);
  if (segments.some((segment) => PLACEHOLDER.test(segment)))
    return [{ kind: "regex", value: regexOf(segments, hasSplat) }];
  return hasSplat ? [{ kind: "prefix", value: normalPath(path) }] : exact(path);
}

/** Reads a rule's first word. */
export function readSource(place: Place): Source | undefined {
  const text = String(place.value);
  const [, scheme, host, rest = ""] = /^(?:(https?):\/\/([^/]*))?(.*)$/.exec(text) ?? [];
  const key = host === undefined ? undefined : readHostname(place.as(host.toLowerCase()));
  if (host !== undefined && key === undefined) return undefined;
  const hasSplat = rest.endsWith("/*");
  const path = rest.replace(/\/\*?$/, "");
  if (path.includes("*"))
    return place.error('cannot be said: a star stands for the rest of a path, after its last "/"');
  if (path !== "" && (!PATH.test(path) || /\/\/|\/\.{1,2}(?:\/|$)/.test(path)))
    return place.error("is not a path that a request can have");
  return {
    host: key,
    scheme,
    paths: pathsOf(path, hasSplat),
    path,
    hasSplat,
    hasPlaceholders: path.split("/").some((segment) => PLACEHOLDER.test(segment)),
  };
}
