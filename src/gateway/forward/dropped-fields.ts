import { HOP_BY_HOP, isClaim, isForwarded, plainName } from "../../lib/field-names.ts";
import { remembered } from "../../lib/remembered.ts";

/** Fields of one connection, and what the platform sets anew or has answered already. */
const DROPPED = new Set([...HOP_BY_HOP, "host", "expect"]);

/** Fields that an origin must get under their true name only: in another spelling they are a client's forgery. */
const ONCE = new Set(["via", "cdn-loop", "cf-connecting-ip", "content-length"]);

/** Names of one `Connection` that are looked at: a client that lists more harms itself alone. */
export const MAX_CONNECTION_NAMES = 100;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

type Drop = "always" | "unless trusted" | "never";

function dropOf(name: string): Drop {
  const plain = plainName(name);
  if (DROPPED.has(plain) || isClaim(plain)) return "always";
  if (plain !== name) return isForwarded(plain) || ONCE.has(plain) ? "always" : "never";
  return plain.startsWith("x-forwarded-") ? "unless trusted" : "never";
}

/** Names whose verdict is remembered: browsers, edges and proxies send a few dozen all together. */
const MAX_NAMES = 500;

/** Nearly every request has the same fifteen names. */
const drop = remembered(dropOf, { most: MAX_NAMES, maxChars: 64 });

/** Whether a client's field stays here: `X-Forwarded-*` unless a proxy is trusted to have said it. */
export function isDropped(name: string, trustForwarded: boolean): boolean {
  const verdict = drop(name);
  return verdict === "always" || (verdict === "unless trusted" && !trustForwarded);
}

/** Drops what `Connection` names, the first {@link MAX_CONNECTION_NAMES}. */
export function dropNamedByConnection(headers: Headers): void {
  const connection = headers.get("connection");
  if (connection === null) return;
  for (const name of connection.split(",", MAX_CONNECTION_NAMES)) {
    const field = name.trim();
    if (TOKEN.test(field)) headers.delete(field);
  }
}

/** Drops what belongs to one connection, `Connection`-named fields included. */
export function dropHopByHop(headers: Headers): void {
  dropNamedByConnection(headers);
  for (const name of HOP_BY_HOP) headers.delete(name);
}
