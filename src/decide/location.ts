import type { Facts } from "../policy/facts.ts";
import type { Redirect } from "./outcome.ts";

/** A request's URL in the parts that a redirect keeps or replaces. */
export interface AskedUrl {
  /** Scheme and authority as the client reaches them: `https://shop.example.com`. */
  readonly origin: string;
  /** Whole, in normal form. */
  readonly path: string;
  /** The tenant's segment with its slash; empty where a host or `*` chose the route. */
  readonly mount: string;
  /** The query as it came, with its question mark. */
  readonly search: string;
}

const PORT_OF: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * Where a redirect leads: a whole URL, so that no path can be taken for a host, whatever it begins
 * with. Its host is the policy's, or the one that was asked; nothing else of a request gets there.
 * A policy knows its paths without the tenant's segment, which stays before them on the same host;
 * on a host that the policy names, its paths are whole.
 */
export function locationOf({ to, matchedPrefix }: Redirect, asked: AskedUrl): string {
  const own = new URL(asked.origin);
  const protocol = to.scheme === undefined ? own.protocol : `${to.scheme}:`;
  const port = to.port ?? (to.scheme === undefined ? own.port : "");
  const authority =
    (to.host ?? own.hostname) + (port === "" || port === PORT_OF[protocol] ? "" : `:${port}`);
  const mount = to.host === undefined ? asked.mount : "";
  let { path } = asked;
  if (to.path !== undefined) path = mount + to.path;
  if (to.prefix !== undefined) {
    const rest = path.slice(asked.mount.length + matchedPrefix.length);
    path = mount + (to.prefix + rest || "/");
  }
  return `${protocol}//${authority}${path}${asked.search}`;
}

/**
 * Whether a redirect would lead to the very URL that was asked for, and so in a circle. One that
 * names its host is sent wherever it leads, as the Gateway API has it.
 */
export const leadsBack = (
  { to }: Redirect,
  location: string,
  { origin, path, search }: AskedUrl,
): boolean => to.host === undefined && location === origin + path + search;

/** A URL of these facts: what they do not say of it is left out. */
export const urlOf = ({ scheme, host, path }: Facts): AskedUrl => ({
  origin: `${scheme}://${host}`,
  path,
  mount: "",
  search: "",
});
