import type { Mount } from "../../../../src/gateway/respond/mount.ts";

/** A mount at https://shop.example.com of https://o.example:8443; the request's path is `/page` below it. */
export function mount(
  base: string,
  tenantPrefix: string,
  stripped = "",
  changes: Partial<Mount> = {},
): Mount {
  const prefix = tenantPrefix + stripped;
  return {
    origin: { origin: "https://o.example:8443", host: "o.example:8443", base },
    publicOrigin: "https://shop.example.com",
    tenantPrefix,
    prefix,
    toldPrefix: prefix,
    path: `${prefix}/page`,
    ...changes,
  };
}

/** The mount, with the request for the prefix itself. */
export const itself = (at: Mount): Mount => ({ ...at, path: at.prefix === "" ? "/" : at.prefix });

/** Nothing before the path outside, nothing at the origin. */
export const BARE = mount("", "");
export const BASED = mount("/base", "");
export const TENANT = mount("", "/storefrontA");
/** A tenant's path-map that takes `/api` off, and an origin with a base. */
export const BOTH = mount("/base/deep", "/storefrontA", "/api");
/** A host's path-map that takes `/api` off. */
export const STRIPPED = mount("", "", "/api");
export const STRIPPED_BASED = mount("/v3", "", "/api");
