import { isForwarded, plainName } from "../../lib/field-names.ts";
import type { EdgeCaching } from "../../policy/fields/cache.ts";
import { dropNamedByConnection } from "../forward/dropped-fields.ts";
import type { RequestContext } from "../forward/forward.ts";

/** Of the parts below: copies that another release wrote with other parts are not found. */
const FORMAT = 1;

/** What a copy is found by has so many characters at most; longer, and nobody asks for it twice. */
export const MAX_KEY_CHARS = 16_384;

/** Fields of a trusted proxy that reach the origin; those with addresses differ with every visitor, and are nobody's choice. */
const isTold = (name: string): boolean => {
  const plain = plainName(name);
  return isForwarded(plain) && plain !== "forwarded" && plain !== "x-forwarded-for";
};

/** All that an answer may depend on, so that no two visitors share a copy who should not; nothing where that is too long. */
function partsOf(
  { incoming, decision, route, place, search }: RequestContext,
  { vary }: EdgeCaching,
  trustForwarded: boolean,
): string | undefined {
  const { node, variant } = decision;
  const headers = new Headers(incoming.request.headers);
  // They do not reach the origin: an answer to a request without a field must not be found by it.
  dropNamedByConnection(headers);
  const names = trustForwarded ? Array.from(headers.keys()).filter(isTold) : [];
  // No request with a cookie is answered from a copy.
  names.push("origin", ...vary.filter((name) => name !== "cookie"));
  const parts = JSON.stringify([
    FORMAT,
    [route.key, route.version, node.path, node.experiment, node.salt],
    // Rules may lead to one variant's name with other changes to the request.
    [variant.name, variant.origin, variant.rewrite, variant.edits.request],
    [incoming.scheme, incoming.host, place, search],
    names.map((name) => [name, headers.get(name)]),
  ]);
  return parts.length > MAX_KEY_CHARS ? undefined : parts;
}

/**
 * The URL that a request's copy is kept under: a digest of all that its answer may depend on, which
 * nobody can meet by chance or by art, below a path that is never a tenant's.
 */
export async function keyOf(
  context: RequestContext,
  caching: EdgeCaching,
  trustForwarded: boolean,
): Promise<string | undefined> {
  const parts = partsOf(context, caching, trustForwarded);
  if (parts === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  const text = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `${context.incoming.url.origin}/.switchyard/edge/${encodeURIComponent(text)}`;
}
