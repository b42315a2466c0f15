import type { Mount } from "./mount.ts";
import { toPublicUrl } from "./public-url.ts";

/** Whether a scope reaches no path outside the mount. Scopes are compared as text, so it has to end in a slash. */
function isInside(scope: string, { publicOrigin, path, prefix }: Mount): boolean {
  // Of a list one browser may take one part and one another.
  if (scope.includes(",")) return false;
  const url = URL.parse(scope, publicOrigin + path);
  return url === null || url.origin !== publicOrigin || url.pathname.startsWith(`${prefix}/`);
}

/**
 * `Service-Worker-Allowed`: the widest scope of a script (Service Workers §"Update"). It never
 * reaches beyond the mount, where other tenants' pages are; at `/storefrontA` itself, whose own folder
 * would be the whole host, a script gets the mount without asking.
 */
export function limitWorkerScope(headers: Headers, mount: Mount, isScript: boolean): void {
  if (mount.prefix === "" && mount.origin.base === "") return;
  const asked = headers.get("service-worker-allowed");
  const widest = `${mount.prefix}/`;
  if (asked === null) {
    if (isScript && mount.path === mount.prefix) headers.set("service-worker-allowed", widest);
    return;
  }
  const outside = toPublicUrl(asked, mount);
  const allowed = mount.prefix === "" || isInside(outside, mount) ? outside : widest;
  if (allowed !== asked) headers.set("service-worker-allowed", allowed);
}
