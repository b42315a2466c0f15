import type { Sticky } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import { decodeVisitor, type Visitor } from "./visitor.ts";

/** Whom stickiness is for, in one request. */
export interface Identity {
  /** What is hashed. */
  readonly visitor: string;
  /** The cookie's content, where the policy knows visitors by cookie: read, or made for a new visitor. */
  readonly known: Visitor | undefined;
  /** Whether `known` was made just now. */
  readonly isNew: boolean;
}

function readCookie(sticky: Sticky, facts: Facts): Visitor | undefined {
  for (const value of facts.cookie(sticky.cookie.name)) {
    const visitor = decodeVisitor(value);
    if (visitor !== undefined) return visitor;
  }
  return undefined;
}

/**
 * The first source that has something names the visitor. Where none has, a policy that knows
 * visitors by cookie gets a new id to set; any other gets a fresh draw for this request alone.
 */
export function identify(sticky: Sticky | false, facts: Facts): Identity {
  if (sticky === false) return { visitor: facts.randomId(), known: undefined, isNew: false };
  const stored = sticky.byCookie ? readCookie(sticky, facts) : undefined;
  const fresh = (): Visitor => ({
    id: facts.randomId(),
    seenAt: facts.now,
    sentAt: facts.now,
    pins: [],
  });
  for (const source of sticky.by) {
    if (source.from === "cookie") {
      if (stored !== undefined) return { visitor: stored.id, known: stored, isNew: false };
      continue;
    }
    const value =
      source.from === "ip"
        ? facts.ip()
        : source.from === "header"
          ? facts.header(source.name)
          : facts.query(source.name)[0];
    if (value === undefined || value === "") continue;
    // Pins live in the cookie, so a pinning split needs one even where a header names the visitor.
    const pins = sticky.mode === "pin";
    return {
      visitor: value,
      known: pins ? (stored ?? fresh()) : undefined,
      isNew: pins && stored === undefined,
    };
  }
  if (!sticky.byCookie) return { visitor: facts.randomId(), known: undefined, isNew: false };
  const known = fresh();
  return { visitor: known.id, known, isNew: true };
}
