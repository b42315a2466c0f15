import type { Origin } from "../../policy/compiled.ts";

/** The URL a request goes to: the origin, its base path, the path, the query as it came. By joining text, so that no path can leave the origin or its base. */
export function targetUrl(origin: Origin, path: string, search: string): string {
  return `${origin.origin}${origin.base}${path}${search}`;
}

/** Where the outside sees an origin's paths. */
export interface Mount {
  readonly origin: Origin;
  /** Scheme, host and port of the gateway as the client wrote them. */
  readonly publicOrigin: string;
  /** What stands before the path outside: the tenant's segment and what path-maps took off. */
  readonly prefix: string;
  /** Whether the request was for the prefix itself, with no slash behind it. */
  readonly atPrefix: boolean;
}

/** A path under the origin's base as the outside sees it, or `undefined` where it lies elsewhere. */
function toPublicPath(pathname: string, { origin, prefix }: Mount): string | undefined {
  if (pathname !== origin.base && !pathname.startsWith(`${origin.base}/`)) return undefined;
  return prefix + (pathname.slice(origin.base.length) || "/");
}

/**
 * A reference in `Location`, `Content-Location` or `Refresh` as the client must see it. One that
 * names the origin is led through the gateway; other hosts, and paths the gateway does not mount,
 * stay as they are. The scheme is not compared: origins behind a TLS terminator often name the other.
 * What is relative to the page stays so, but of `/storefrontA`: there the origin counts from below it,
 * and a browser from beside it.
 */
export function toPublicUrl(reference: string, mount: Mount): string {
  const isPath = reference.startsWith("/") && !/^\/[/\\]/.test(reference);
  const isMoved =
    mount.atPrefix && mount.prefix !== "" && /^[^/\\?#:]+(?:[/\\?#]|$)/.test(reference);
  if (!isPath && !isMoved && !/^(?:https?:|[/\\]{2})/i.test(reference)) return reference;
  const { origin } = mount;
  const url = URL.parse(reference, `${origin.origin}${origin.base}/`);
  if (url === null || url.host !== origin.host) return reference;
  const path = toPublicPath(url.pathname, mount);
  if (path === undefined) return reference;
  // Without its base a path may begin with two slashes, which as a reference would name another host.
  const isLocal = (isPath || isMoved) && !path.startsWith("//");
  return (isLocal ? "" : mount.publicOrigin) + path + url.search + url.hash;
}

/** The same for the URL inside a `Refresh` field: `5; url=/next`. */
export function toPublicRefresh(value: string, mount: Mount): string {
  return value.replace(
    // No two runs of space may meet where a separator is optional: the time it takes would grow with their square.
    /^([\d.]*\s*(?:[;,]\s*)?url\s*=\s*)(["']?)([^"']*)(["']?)/i,
    (_, start: string, open: string, url: string, close: string) =>
      `${start}${open}${toPublicUrl(url.trim(), mount)}${close}`,
  );
}

/**
 * A `Set-Cookie` of the origin as the client must get it: a domain that names the origin goes away
 * (the cookie is then the gateway's host's own), a path under its base is led through the mount.
 * All else stays as it is, unknown attributes too. `__Host-` cookies keep `Path=/`, which they require.
 * One without a path is for the folder of the page that sets it (RFC 6265 §5.1.4): of `/storefrontA`
 * a browser would take `/`, and give it to every tenant of this host.
 */
export function toPublicCookie(cookie: string, mount: Mount): string {
  const [pair = "", ...attributes] = cookie.split(";");
  const host = mount.origin.host.replace(/:\d+$/, "");
  const isHostWide = /^\s*__host-/i.test(pair);
  let hasPath = false;
  const kept = attributes.flatMap((attribute) => {
    const equals = attribute.indexOf("=");
    const name = (equals === -1 ? attribute : attribute.slice(0, equals)).trim();
    const value = equals === -1 ? "" : attribute.slice(equals + 1).trim();
    switch (name.toLowerCase()) {
      case "domain": {
        const domain = value.replace(/^\./, "").toLowerCase();
        return host === domain || host.endsWith(`.${domain}`) ? [] : [attribute];
      }
      case "path": {
        // The last one counts, and one that is not a path counts as none.
        hasPath = value.startsWith("/");
        if (isHostWide || !hasPath) return [attribute];
        // A wider path than the mount would hand the cookie to other tenants of this host.
        const path = toPublicPath(value, mount) ?? mount.prefix;
        return [` Path=${path === "/" || path === "" ? "/" : path.replace(/\/$/, "")}`];
      }
      default:
        return [attribute];
    }
  });
  if (!hasPath && !isHostWide && mount.atPrefix && mount.prefix !== "")
    kept.push(` Path=${mount.prefix}`);
  return [pair, ...kept].join(";");
}
