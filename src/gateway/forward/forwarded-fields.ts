import type { IncomingRequest } from "../resolve/incoming-request.ts";

/** What an origin is told of the visitor's connection. */
export interface ForwardedInfo {
  /** The visitor's address; absent where nobody knows it. */
  readonly ip: string | undefined;
  /** The authority the client used. */
  readonly host: string;
  readonly scheme: IncomingRequest["scheme"];
  /** The tenant's segment and what path-maps took off; empty for nothing. */
  readonly prefix: string;
  readonly viaName: string;
  readonly trustForwarded: boolean;
}

/** Whether `Via` names this gateway already (RFC 9110 §7.6.3). */
export function isLoop(via: string | null, viaName: string): boolean {
  const name = viaName.toLowerCase();
  const chain = via?.toLowerCase();
  if (chain?.includes(name) !== true) return false;
  return chain.split(",").some((entry) => entry.trim().split(/\s+/, 2)[1] === name);
}

function quoteNode(address: string): string {
  return address.includes(":") ? `"[${address}]"` : address;
}

/** The visitor's own address where an origin cannot mistake it: `CF-Connecting-IP` is the Worker's there. */
function setAddress(headers: Headers, ip: string | undefined): void {
  if (ip === undefined) return;
  headers.set("x-real-ip", ip);
  headers.set("x-switchyard-client-ip", ip);
}

/**
 * `X-Forwarded-*`, `Forwarded` (RFC 7239) where the client sent one, `Via`, and the visitor's address.
 * `earlier` is the request as it came: what a trusted proxy said there is extended, all else replaced.
 */
export function setForwarded(headers: Headers, earlier: Headers, info: ForwardedInfo): void {
  const trusted = (name: string) => (info.trustForwarded ? earlier.get(name) : null);
  const direct = earlier.get("cf-connecting-ip");
  const chain = [trusted("x-forwarded-for"), direct].filter((part) => part !== null && part !== "");
  if (chain.length > 0) headers.set("x-forwarded-for", chain.join(", "));
  headers.set("x-forwarded-host", info.host);
  headers.set("x-forwarded-proto", info.scheme);
  const prefix = (trusted("x-forwarded-prefix") ?? "") + info.prefix;
  if (prefix !== "") headers.set("x-forwarded-prefix", prefix);
  if (headers.has("forwarded")) {
    const node = info.ip === undefined ? "" : `for=${quoteNode(info.ip)};`;
    const forwarded = `${node}host="${info.host}";proto=${info.scheme}`;
    headers.set(
      "forwarded",
      [trusted("forwarded"), forwarded].filter((part) => part !== null).join(", "),
    );
  }
  headers.append("via", `1.1 ${info.viaName}`);
  setAddress(headers, info.ip);
}
