import { normalPrefix, writtenPath } from "../lib/path.ts";

/** A key of a path-map. */
export interface PathKey {
  /** In normal form: the prefix without its trailing slash, or the one path that it is about. */
  readonly path: string;
  /** Whether it is about just that path, and not what lies under it. */
  readonly isExact: boolean;
}

/** Reads `"/x"`, a prefix, or `"=/x"`, an exact path; `undefined` where the key is neither. */
export function readPathKey(key: string): PathKey | undefined {
  const isExact = key.startsWith("=");
  const path = isExact ? writtenPath(key.slice(1)) : normalPrefix(key);
  return path === undefined ? undefined : { path, isExact };
}

/** The part of the path that a key takes the place of: an exact path's slash at the end stays behind it. */
export const matchedBy = ({ path, isExact }: PathKey): string =>
  isExact ? path.replace(/\/$/, "") : path;

/** A key in its one written form: two keys that mean the same have the same. */
export const keyText = ({ path, isExact }: PathKey): string =>
  isExact ? `=${path}` : path === "" ? "/" : path;
