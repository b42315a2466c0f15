import type { Origin } from "../../policy/compiled.ts";

/**
 * The URL a request goes to: the origin, its base path, the path, the query as it came. By joining
 * text, so that no path can leave the origin or its base. An empty path is for the base itself:
 * `/v3`, not `/v3/`.
 */
export function targetUrl(origin: Origin, path: string, search: string): string {
  const joined = origin.base + path;
  return `${origin.origin}${joined === "" ? "/" : joined}${search}`;
}

/** What `fetch` is told of the host to connect to; nothing where it is the URL's own. */
export function connection({ resolve }: Origin): { cf: { resolveOverride: string } } | undefined {
  return resolve === undefined ? undefined : { cf: { resolveOverride: resolve } };
}
