import type { HeaderEdit } from "../../policy/compiled.ts";
import type { Reason } from "../../policy/reason.ts";
import { nextMaxForwards } from "../resolve/max-forwards.ts";
import { TOKEN_PREFIX } from "../../override/token.ts";
import { withoutCookies } from "../respond/cookies.ts";
import { refererWithoutToken } from "../decide-facts/overrides.ts";

/** Fields of one connection only (RFC 9110 §7.6.1), and `Expect`, which this server has already answered. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * What of a client never reaches an origin: fields of one connection, those the platform sets anew,
 * and what only a proxy may say. `X-Forwarded-*` beside them, unless trusted.
 */
const DROPPED = new Set([
  ...HOP_BY_HOP,
  "host",
  "expect",
  // CGI makes HTTP_PROXY of it, which programs take for their proxy (CVE-2016-5385).
  "proxy",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-original-host",
  "x-original-url",
  "x-rewrite-url",
  "x-host",
  "x-http-host-override",
]);

/** What the gateway itself tells an origin, which the client may not say beside it in another spelling. */
const OWN =
  /^(?:x-forwarded-.+|forwarded|via|host|cf-connecting-ip|x-switchyard-.+|content-length|transfer-encoding)$/;

/**
 * Whether a client's field stays here. CGI, WSGI and PHP read `X_Forwarded_For` and
 * `X-Forwarded-For` as one (CVE-2015-0219), so a name is judged with its underscores as hyphens, too.
 */
function isDropped(name: string, trustForwarded: boolean): boolean {
  if (DROPPED.has(name) || name.startsWith("x-switchyard-")) return true;
  if (!trustForwarded && name.startsWith("x-forwarded-")) return true;
  if (!name.includes("_")) return false;
  const plain = name.replaceAll("_", "-");
  return DROPPED.has(plain) || OWN.test(plain);
}

/** What the gateway tells the origin. */
export interface ForwardingInfo {
  readonly route: string;
  readonly variant: string;
  /** The variant decided on, where another is asked in its place. */
  readonly decided: string | undefined;
  /** The name of the split; nothing where one variant is all there is. */
  readonly experiment: string | undefined;
  readonly reason: Reason;
  readonly counted: boolean;
  readonly ip: string | undefined;
  /** The authority the client used. */
  readonly host: string;
  readonly scheme: "http" | "https";
  /** The tenant's segment and what path-maps took off; empty for nothing. */
  readonly prefix: string;
  readonly viaName: string;
  readonly trustForwarded: boolean;
  /** Our own cookies, which stay here. */
  readonly cookieNames: readonly string[];
}

/** Drops what belongs to one connection, `Connection`-named fields included. */
export function dropHopByHop(headers: Headers): void {
  dropNamedByConnection(headers);
  for (const name of HOP_BY_HOP) headers.delete(name);
}

function dropNamedByConnection(headers: Headers): void {
  const connection = headers.get("connection");
  if (connection === null) return;
  for (const name of connection.split(",")) {
    const field = name.trim();
    if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(field)) headers.delete(field);
  }
}

/** Whether `Via` names this gateway already (RFC 9110 §7.6.3). */
export function isLoop(via: string | null, viaName: string): boolean {
  if (via === null) return false;
  return via
    .split(",")
    .some((entry) => entry.trim().split(/\s+/)[1]?.toLowerCase() === viaName.toLowerCase());
}

function quoteNode(address: string): string {
  return address.includes(":") ? `"[${address}]"` : address;
}

/** Sets, adds and removes what a policy says. */
export function applyEdits(headers: Headers, edits: readonly HeaderEdit[]): void {
  for (const { kind, name, value } of edits) {
    switch (kind) {
      case "set":
        headers.set(name, value);
        break;
      case "add":
        headers.append(name, value);
        break;
      case "remove":
        headers.delete(name);
        break;
      default:
        kind satisfies never;
    }
  }
}

/** The client's headers as an origin gets them. */
export function originHeaders(
  request: Request,
  forwarding: ForwardingInfo,
  edits: readonly HeaderEdit[],
): Headers {
  const headers = new Headers(request.headers);
  // A handshake is a GET (RFC 6455 §4.1). Of any other method the platform would make one, and drop its body.
  const isWebSocket =
    request.method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket";
  dropNamedByConnection(headers);
  // One walk over what is there costs less than asking for each name that might be.
  for (const name of request.headers.keys()) {
    if (isDropped(name, forwarding.trustForwarded)) headers.delete(name);
  }
  const referer = request.headers.get("referer");
  if (referer?.includes(TOKEN_PREFIX) === true) {
    headers.set("referer", refererWithoutToken(referer));
  }
  if (isWebSocket) headers.set("upgrade", "websocket");
  const earlier = (name: string) => (forwarding.trustForwarded ? request.headers.get(name) : null);

  const direct = request.headers.get("cf-connecting-ip");
  const chain = [earlier("x-forwarded-for"), direct].filter((part) => part !== null && part !== "");
  if (chain.length > 0) headers.set("x-forwarded-for", chain.join(", "));
  headers.set("x-forwarded-host", forwarding.host);
  headers.set("x-forwarded-proto", forwarding.scheme);
  const prefix = (earlier("x-forwarded-prefix") ?? "") + forwarding.prefix;
  if (prefix !== "") headers.set("x-forwarded-prefix", prefix);
  if (headers.has("forwarded")) {
    const forwarded = `${forwarding.ip === undefined ? "" : `for=${quoteNode(forwarding.ip)};`}host="${forwarding.host}";proto=${forwarding.scheme}`;
    headers.set(
      "forwarded",
      [earlier("forwarded"), forwarded].filter((part) => part !== null).join(", "),
    );
  }
  const hops = nextMaxForwards(request.method, request.headers.get("max-forwards"));
  if (hops !== undefined) headers.set("max-forwards", hops);
  headers.append("via", `1.1 ${forwarding.viaName}`);
  headers.set("x-switchyard-route", forwarding.route);
  headers.set("x-switchyard-variant", encodeName(forwarding.variant));
  headers.set("x-switchyard-reason", forwarding.reason);
  headers.set("x-switchyard-counted", forwarding.counted ? "1" : "0");
  const { experiment, decided } = forwarding;
  if (experiment !== undefined) headers.set("x-switchyard-experiment", encodeName(experiment));
  if (decided !== undefined) headers.set("x-switchyard-decided", encodeName(decided));

  const cookie = headers.get("cookie");
  if (cookie !== null) {
    const rest = withoutCookies(cookie, forwarding.cookieNames);
    if (rest === undefined) headers.delete("cookie");
    else if (rest !== cookie) headers.set("cookie", rest);
  }
  applyEdits(headers, edits);
  return headers;
}

/** A name as a header can carry it: visible ASCII as it is, anything else percent-encoded. */
export function encodeName(name: string): string {
  return /^[\x20-\x7E]*$/.test(name) ? name : encodeURIComponent(name);
}
