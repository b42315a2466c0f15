import type { Source, Sticky } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import { canKeepId } from "./newcomer.ts";
import { decodeVisitor, joined, type Visitor } from "./visitor.ts";

/** Whom stickiness is for, in one request. */
export interface Identity {
  /** What is hashed. */
  readonly visitor: string;
  /** The cookie's content, where the policy has use for it: read, or made for a new visitor who can keep it. */
  readonly known: Visitor | undefined;
  /** Whether `known` was made just now. */
  readonly isNew: boolean;
  /** Where it comes from; nowhere for a draw for this request alone. */
  readonly source: Source["from"] | "nowhere";
  /** Whether the next request can name the same visitor; else they are a draw for this request alone. */
  readonly lasts: boolean;
}

/** Whether what names the visitor is an id of our own making. */
export const isOwnId = ({ source }: Pick<Identity, "source">): boolean => source === "cookie";

/** The first cookie that can be read, and what cookies of the same visitor under another path or domain know beside. */
function readCookie(sticky: Sticky, facts: Facts): Visitor | undefined {
  let known: Visitor | undefined;
  for (const value of facts.cookie(sticky.cookie.name)) {
    const visitor = decodeVisitor(value);
    if (known === undefined) known = visitor;
    else if (visitor?.id === known.id) known = joined(known, visitor);
  }
  return known;
}

const passing = (facts: Facts): Identity => ({
  visitor: facts.randomId(),
  known: undefined,
  isNew: false,
  source: "nowhere",
  lasts: false,
});

/**
 * The first source that has something names the visitor. Where none has, a policy that knows
 * visitors by cookie gets a new id to set, if the visitor can keep one from this request; else there
 * is a fresh draw for this request alone. `remembers` says that the cookie is needed beside another
 * source too: for a pin, or for the mark of who was here before a drain.
 */
export function identify(sticky: Sticky | false, facts: Facts, remembers: boolean): Identity {
  if (sticky === false) return passing(facts);
  const stored = sticky.byCookie ? readCookie(sticky, facts) : undefined;
  const fresh = (): Visitor | undefined =>
    sticky.byCookie && canKeepId(facts, sticky.cookie)
      ? { id: facts.randomId(), seenAt: facts.now, sentAt: facts.now, pins: [] }
      : undefined;
  for (const source of sticky.by) {
    if (source.from === "cookie") {
      if (stored !== undefined)
        return { visitor: stored.id, known: stored, isNew: false, source: "cookie", lasts: true };
      continue;
    }
    const value =
      source.from === "ip"
        ? facts.ip()
        : source.from === "header"
          ? facts.header(source.name)
          : facts.query(source.name)[0];
    if (value === undefined || value === "") continue;
    const known = remembers ? (stored ?? fresh()) : undefined;
    return {
      visitor: value,
      known,
      isNew: known !== undefined && stored === undefined,
      source: source.from,
      lasts: true,
    };
  }
  const known = fresh();
  return known === undefined
    ? passing(facts)
    : { visitor: known.id, known, isNew: true, source: "cookie", lasts: true };
}
