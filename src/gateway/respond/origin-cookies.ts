import { withoutBlanks } from "../../lib/blanks.ts";
import { applyCut, cutOf, isUnder, type Mount } from "./mount.ts";

/** A browser passes over an attribute's value that is longer (RFC 6265bis §5.7). */
const MAX_ATTRIBUTE_CHARS = 1024;

const ADDRESS = /^(?:[\d.]+|\[.*\])$/;

/** Whether a host may set a cookie for this domain (RFC 6265 §5.1.3): its own name, or one it lies under. */
export function domainMatches(host: string, domain: string): boolean {
  return host === domain || (host.endsWith(`.${domain}`) && !ADDRESS.test(host));
}

export const hostnameOf = (origin: string): string => URL.parse(origin)?.hostname ?? "";

/** Whether a domain is the origin's and not the gateway's: then the cookie must become the gateway's host's own. */
function namesOriginOnly(value: string, { origin, publicOrigin }: Mount): boolean {
  const domain = value.replace(/^\./, "").toLowerCase();
  return (
    domain !== "" &&
    domainMatches(hostnameOf(origin.origin), domain) &&
    !domainMatches(hostnameOf(publicOrigin), domain)
  );
}

/**
 * A cookie's path as the outside sees it. `/`, and every other that holds the whole origin, stays for
 * the whole host: only a tenant's mount narrows it, for beside it on this host are other tenants.
 */
function toPublicPath(path: string, mount: Mount): string {
  const { origin, tenantPrefix, toldPrefix } = mount;
  const folder = path.replace(/\/$/, "");
  const isWhole = folder === "" || (folder !== origin.base && isUnder(origin.base, folder));
  const isTold = toldPrefix !== "" && isUnder(path, toldPrefix);
  if (isWhole && !isTold) return tenantPrefix === "" ? path : tenantPrefix;
  const cut = cutOf(path, mount);
  return cut === undefined ? tenantPrefix + path : applyCut(path, cut);
}

interface Attribute {
  readonly text: string;
  readonly name: "path" | "domain";
  readonly value: string;
}

const READ = /^[ \t]*(path|domain)[ \t]*=/i;

/** The attribute, where it is one of the two that may change. Blanks are those of HTTP, for a browser knows no others. */
function attributeOf(text: string): Attribute | string {
  if (text === "") return text;
  const [start = "", name] = READ.exec(text) ?? [];
  if (name === undefined) return text;
  return {
    text,
    name: name.toLowerCase() === "path" ? "path" : "domain",
    value: withoutBlanks(text.slice(start.length)),
  };
}

/** The attribute with another value, its own name and blanks kept. */
function withValue({ text, value }: Attribute, next: string): string {
  const start = text.indexOf(value, text.indexOf("=") + 1);
  return text.slice(0, start) + next + text.slice(start + value.length);
}

/**
 * A `Set-Cookie` of the origin as the client must get it: a domain that names the origin alone goes
 * away (the cookie is then the gateway's host's own), a path under its base is led through the mount.
 * All else stays byte for byte, unknown attributes too, and so does a `__Host-` cookie, which must
 * have `Path=/` and no domain. One without a path is for the folder of the page that sets it
 * (RFC 6265 §5.1.4): at `/storefrontA` a browser would take `/`, and give it to every tenant of this host.
 */
export function toPublicCookie(cookie: string, mount: Mount): string {
  if (/^[ \t]*__host-/i.test(cookie)) return cookie;
  const [pair = "", ...texts] = cookie.split(";");
  const attributes = texts.map(attributeOf);
  // The last one counts.
  const domain = attributes.findLast((one) => typeof one === "object" && one.name === "domain");
  const dropsDomain = typeof domain === "object" && namesOriginOnly(domain.value, mount);
  let hasPath = false;
  const kept: string[] = [];
  for (const attribute of attributes) {
    if (typeof attribute === "string") kept.push(attribute);
    else if (attribute.name === "path") {
      const { value } = attribute;
      // One that is not a path counts as none.
      const path = value.startsWith("/") ? toPublicPath(value, mount) : value;
      hasPath = path.startsWith("/") && path.length <= MAX_ATTRIBUTE_CHARS;
      kept.push(path === value ? attribute.text : withValue(attribute, path));
    } else if (!dropsDomain) kept.push(attribute.text);
  }
  if (!hasPath && mount.tenantPrefix !== "" && mount.path === mount.tenantPrefix)
    kept.push(` Path=${mount.tenantPrefix}`);
  return [pair, ...kept].join(";");
}
