import type { CompiledPolicy, Origin } from "../../policy/compiled.ts";

/**
 * The URL a request goes to: the origin, its base path, the path, the query as it came. By joining
 * text, so that no path can leave the origin or its base. An empty path is for the base itself:
 * `/v3`, not `/v3/`.
 */
export function targetUrl(origin: Origin, path: string, search: string): string {
  const joined = origin.base + path;
  return `${origin.origin}${joined === "" ? "/" : joined}${search}`;
}

/** Of no status is anything to be kept (Cloudflare's cache, where a time below 0 means not at all). */
const KEEP_NOTHING = { "100-599": -1 };

/** What `fetch` is told beside the request itself. */
export interface Connection {
  readonly cf?: {
    readonly resolveOverride?: string;
    readonly cacheTtlByStatus?: Readonly<Record<string, number>>;
  };
}

/**
 * What `fetch` is told of the host to connect to, where it is not the URL's own, and of Cloudflare's
 * cache, which knows a page by its URL alone: that it keeps nothing where one URL has several pages.
 */
export function connection(
  { host, resolve }: Origin,
  { sharedHosts }: Pick<CompiledPolicy, "sharedHosts">,
): Connection {
  const isShared = sharedHosts.has(host);
  if (!isShared && resolve === undefined) return {};
  return {
    cf: {
      ...(isShared && { cacheTtlByStatus: KEEP_NOTHING }),
      ...(resolve !== undefined && { resolveOverride: resolve }),
    },
  };
}
