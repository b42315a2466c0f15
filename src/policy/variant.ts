import { normalPath } from "../lib/path.ts";
import type { HeaderEdit, HeaderEdits, Origin, Variant } from "./compiled.ts";
import { compileRewrite, type Rewrite } from "./rewrite.ts";
import type { WrittenVariant } from "./strategies/definition.ts";
import type { HeaderChanges, Headers } from "./header-values.ts";
import type { OriginInput } from "./origin-values.ts";

function editsOf(changes: HeaderChanges | undefined): HeaderEdit[] {
  const named = (
    kind: "set" | "add",
    fields: Readonly<Record<string, HeaderEdit["value"]>> = {},
  ): HeaderEdit[] =>
    Object.entries(fields).map(([name, value]) => ({ kind, name: name.toLowerCase(), value }));
  const removed = (changes?.remove ?? []).map((name): HeaderEdit => ({
    kind: "remove",
    name: name.toLowerCase(),
    value: "",
  }));
  return [...removed, ...named("set", changes?.set), ...named("add", changes?.add)];
}

const NO_EDITS: HeaderEdits = { request: [], response: [] };

/** Header changes as lists, one for each direction: removals first, so that what is set is there. */
export function compileEdits(headers: Headers | undefined): HeaderEdits {
  return headers === undefined
    ? NO_EDITS
    : { request: editsOf(headers.request), response: editsOf(headers.response) };
}

/** The changes of an outer level, then those of an inner one. */
class JoinedEdits implements HeaderEdits {
  readonly #outer: HeaderEdits;
  readonly #inner: HeaderEdits;

  constructor(outer: HeaderEdits, inner: HeaderEdits) {
    this.#outer = outer;
    this.#inner = inner;
  }

  // Joined when they are applied: kept joined, every variant of a large policy would have a copy of the outer list.
  get request(): readonly HeaderEdit[] {
    return [...this.#outer.request, ...this.#inner.request];
  }

  get response(): readonly HeaderEdit[] {
    return [...this.#outer.response, ...this.#inner.response];
  }
}

/** The changes of both levels. One list serves many where one of them says nothing. */
function joinEdits(outer: HeaderEdits, inner: Headers | undefined): HeaderEdits {
  if (inner === undefined) return outer;
  const edits = compileEdits(inner);
  return outer === NO_EDITS ? edits : new JoinedEdits(outer, edits);
}

/** An origin's URL in its parts; the text has passed the schema. */
export function compileOrigin(input: OriginInput): Origin {
  const {
    url: text,
    resolve,
    via,
  }: Exclude<OriginInput, string> = typeof input === "string" ? { url: input } : input;
  const url = new URL(text);
  return {
    origin: url.origin,
    host: url.host,
    base: normalPath(url.pathname).replace(/\/+$/, ""),
    ...(resolve && { resolve: resolve.toLowerCase() }),
    ...(via && { via }),
  };
}

/** Names an origin, with the path below its base where there is one: two with one name are one server. */
export function originName({ origin, base, resolve, via }: Origin, below = ""): string {
  const at = resolve === undefined ? "" : ` at ${resolve}`;
  return origin + base + below + at + (via === undefined ? "" : ` via ${via}`);
}

/** What a variant has from its policy, where it says nothing itself. */
export interface VariantDefaults {
  readonly timeoutMs: number;
  readonly edits: HeaderEdits;
  readonly rewrite: Rewrite | undefined;
}

/** A variant with its policy's header changes, rewrite and time-out, its own winning, its origin's before all. `at` is what `compileOrigin` makes of its origin, where that is there already. */
export function compileVariant(
  { name, origin, weight = 1, headers, rewrite }: WrittenVariant,
  defaults: VariantDefaults,
  at: Origin = compileOrigin(origin),
): Variant {
  const own = typeof origin === "string" ? undefined : origin;
  const nearest = own?.rewrite ?? rewrite;
  return {
    name,
    origin: at,
    weight,
    timeoutMs: own?.timeoutMs ?? defaults.timeoutMs,
    edits: joinEdits(joinEdits(defaults.edits, headers), own?.headers),
    rewrite: nearest === undefined ? defaults.rewrite : compileRewrite(nearest),
  };
}
