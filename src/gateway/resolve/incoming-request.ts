import type { Facts, Override } from "../../policy/facts.ts";
import { cookiesIn, parametersIn, type NamedValues } from "../../lib/named-values.ts";
import { normalPath } from "../../lib/path.ts";
import { isCrawler } from "../decide-facts/crawlers.ts";
import type { Platform } from "../platform.ts";

/** A request as the gateway sees it: parsed once, and lazily where a policy may not ask. */
export interface IncomingRequest {
  readonly request: Request;
  readonly url: URL;
  /** The query as it came. */
  readonly search: string;
  /** In normal form, the tenant's segment still on it. */
  readonly path: string;
  /** Scheme and authority as the client reaches them, a scheme's own port left out: `https://shop.example.com`. */
  readonly publicOrigin: string;
  readonly host: string;
  readonly scheme: "http" | "https";
  /** The client's address, as far as the platform or a trusted proxy tells. */
  readonly ip: string | undefined;
  readonly now: number;
  /** The whole `Cookie` field; empty where there is none. */
  readonly cookies: string;
}

/** What a client in front of us may be believed. */
interface Trust {
  readonly trustForwarded: boolean;
}

/** A name, an IPv4 address or an IPv6 literal. The URL parser lets more pass, quotes and `*` among it, that no host has. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i;
const AUTHORITY = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const ADDRESS = /^[0-9a-f.:]{2,45}$/i;

/** The first member of a list field, where it has the form that is wanted. */
function firstOf(value: string | null, form: RegExp): string | undefined {
  const first = value?.split(",", 1)[0]?.trim();
  return first !== undefined && form.test(first) ? first : undefined;
}

/** Scheme and host as a URL begins with them; a trusted proxy's word may name a port that needs no naming. */
function publicOriginOf(scheme: "http" | "https", host: string, url: URL): string {
  if (host === url.host && url.protocol === `${scheme}:`) return url.origin;
  const origin = `${scheme}://${host}`;
  return URL.parse(origin)?.origin ?? origin;
}

/** Reads what every request needs; `undefined` where the request names no host (RFC 9112 §3.2: a 400). */
export function readRequest(
  request: Request,
  { trustForwarded }: Trust,
  platform: Platform,
): IncomingRequest | undefined {
  const url = URL.parse(request.url);
  if (url === null || !HOST.test(url.hostname)) return undefined;
  const trusted = (name: string, form: RegExp) =>
    trustForwarded ? firstOf(request.headers.get(name), form) : undefined;
  const scheme =
    (trusted("x-forwarded-proto", /^https?$/i)?.toLowerCase() ?? url.protocol.slice(0, -1)) ===
    "https"
      ? "https"
      : "http";
  const host = trusted("x-forwarded-host", AUTHORITY) ?? url.host;
  const ip =
    trusted("x-forwarded-for", ADDRESS) ??
    firstOf(request.headers.get("cf-connecting-ip"), ADDRESS) ??
    undefined;
  return {
    request,
    url,
    // An empty query is a query: `/x?` is not `/x` to every origin.
    search: url.search === "" && request.url.endsWith("?") ? "?" : url.search,
    path: normalPath(url.pathname),
    publicOrigin: publicOriginOf(scheme, host, url),
    host,
    scheme,
    ip,
    now: platform.now(),
    cookies: request.headers.get("cookie") ?? "",
  };
}

function isBot(request: Request): boolean {
  return isVerifiedBot(request.cf) || isCrawler(request.headers.get("user-agent"));
}

/** Cloudflare's own word on crawlers: a verified bot's category, or the flag of Bot Management, where the zone has either. */
function isVerifiedBot(cf: Request["cf"]): boolean {
  if (cf === undefined) return false;
  if ("verifiedBotCategory" in cf && Boolean(cf["verifiedBotCategory"])) return true;
  const verdict: object = ("botManagement" in cf ? cf.botManagement : undefined) ?? {};
  return "verifiedBot" in verdict && verdict.verifiedBot === true;
}

/** What the edge says of where a request comes from, in upper case. */
function placeOf(
  cf: Request["cf"],
  name: "country" | "continent" | "regionCode",
): string | undefined {
  const value: unknown = cf !== undefined && name in cf ? cf[name] : undefined;
  return typeof value === "string" ? value.toUpperCase() : undefined;
}

/** The facts of a request for `decide`; `path` is the one below the tenant. */
export function factsOf(
  incoming: IncomingRequest,
  path: string,
  override: Override | undefined,
  platform: Platform,
): Facts {
  return new RequestFacts(incoming, path, override, platform);
}

/** Look-ups as methods of one object, each parsed once: a closure for each would be garbage of every request, and rules may ask a hundred times. */
class RequestFacts implements Facts {
  readonly path: string;
  readonly override: Override | undefined;
  readonly #incoming: IncomingRequest;
  readonly #platform: Platform;
  #headers: Map<string, string | undefined> | undefined;
  #cookies: NamedValues | undefined;
  #parameters: NamedValues | undefined;
  #bot: boolean | undefined;
  #randomId: string | undefined;

  constructor(
    incoming: IncomingRequest,
    path: string,
    override: Override | undefined,
    platform: Platform,
  ) {
    this.#incoming = incoming;
    this.path = path;
    this.override = override;
    this.#platform = platform;
  }

  get method(): string {
    return this.#incoming.request.method;
  }

  get host(): string {
    // The root's dot names the same host: a rule must not be missed by writing it.
    return this.#incoming.url.hostname.replace(/\.$/, "");
  }

  get now(): number {
    return this.#incoming.now;
  }

  country(): string | undefined {
    return placeOf(this.#incoming.request.cf, "country");
  }

  get scheme(): "http" | "https" {
    return this.#incoming.scheme;
  }

  continent(): string | undefined {
    return placeOf(this.#incoming.request.cf, "continent");
  }

  region(): string | undefined {
    return placeOf(this.#incoming.request.cf, "regionCode");
  }

  asn(): string | undefined {
    const { cf } = this.#incoming.request;
    return cf !== undefined && "asn" in cf && typeof cf.asn === "number"
      ? String(cf.asn)
      : undefined;
  }

  eu(): boolean {
    const { cf } = this.#incoming.request;
    return cf !== undefined && "isEUCountry" in cf && cf.isEUCountry === "1";
  }

  ip(): string | undefined {
    return this.#incoming.ip;
  }

  bot(): boolean {
    return (this.#bot ??= isBot(this.#incoming.request));
  }

  header(name: string): string | undefined {
    const known = (this.#headers ??= new Map<string, string | undefined>());
    if (!known.has(name)) known.set(name, this.#incoming.request.headers.get(name) ?? undefined);
    return known.get(name);
  }

  query(name: string): readonly string[] {
    return (this.#parameters ??= parametersIn(this.#incoming.search))(name);
  }

  cookie(name: string): readonly string[] {
    return (this.#cookies ??= cookiesIn(this.#incoming.cookies))(name);
  }

  randomId(): string {
    return (this.#randomId ??= this.#platform.randomId());
  }
}
