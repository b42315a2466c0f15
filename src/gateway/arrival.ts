import { isbot } from "isbot";

import type { Facts, Override } from "../decide/facts.ts";
import { normalPath } from "../policy/path.ts";
import { readCookies } from "./cookies.ts";
import type { Seams } from "./seams.ts";

/** A request as the gateway sees it: parsed once, and lazily where a policy may not ask. */
export interface Arrival {
  readonly request: Request;
  readonly url: URL;
  /** In normal form, the tenant's segment still on it. */
  readonly path: string;
  /** Scheme and authority as the client wrote them: `https://shop.example.com`. */
  readonly gateway: string;
  readonly host: string;
  readonly scheme: "http" | "https";
  /** The client's address, as far as the platform or a trusted proxy tells. */
  readonly ip: string | undefined;
  readonly now: number;
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

/** Reads what every request needs; `undefined` where the request names no host (RFC 9112 §3.2: a 400). */
export function arrive(
  request: Request,
  { trustForwarded }: Trust,
  seams: Seams,
): Arrival | undefined {
  const url = URL.parse(request.url);
  if (url === null || !HOST.test(url.hostname)) return undefined;
  const told = (name: string, form: RegExp) =>
    trustForwarded ? firstOf(request.headers.get(name), form) : undefined;
  const scheme =
    (told("x-forwarded-proto", /^https?$/i)?.toLowerCase() ?? url.protocol.slice(0, -1)) === "https"
      ? "https"
      : "http";
  const host = told("x-forwarded-host", AUTHORITY) ?? url.host;
  const ip =
    told("x-forwarded-for", ADDRESS) ??
    firstOf(request.headers.get("cf-connecting-ip"), ADDRESS) ??
    undefined;
  return {
    request,
    url,
    path: normalPath(url.pathname),
    gateway: `${scheme}://${host}`,
    host,
    scheme,
    ip,
    now: seams.now(),
  };
}

/** Runs once and keeps the answer. */
function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}

function isBot(request: Request): boolean {
  return isVerifiedBot(request.cf) || isbot(request.headers.get("user-agent"));
}

/** Cloudflare's own word on crawlers: the category of a verified bot, on every plan that has it. */
function isVerifiedBot(cf: Request["cf"]): boolean {
  return cf !== undefined && "verifiedBotCategory" in cf && Boolean(cf["verifiedBotCategory"]);
}

function countryOf(cf: Request["cf"]): string | undefined {
  return cf !== undefined && "country" in cf && typeof cf.country === "string"
    ? cf.country.toUpperCase()
    : undefined;
}

/** The facts of a request for `decide`; `path` is the one below the tenant. */
export function factsOf(
  arrival: Arrival,
  path: string,
  override: Override | undefined,
  seams: Seams,
): Facts {
  const { request, url } = arrival;
  const cookies = once(() => readCookies(request.headers.get("cookie") ?? ""));
  return {
    method: request.method,
    // The root's dot names the same host: a rule must not be missed by writing it.
    host: url.hostname.replace(/\.$/, ""),
    path,
    now: arrival.now,
    country: () => countryOf(request.cf),
    ip: () => arrival.ip,
    bot: once(() => isBot(request)),
    header: (name) => request.headers.get(name) ?? undefined,
    query: (name) => url.searchParams.getAll(name),
    cookie: (name) => cookies().get(name) ?? [],
    draw: once(seams.draw),
    override,
  };
}
