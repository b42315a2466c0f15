import { percentDecoded } from "../lib/percent-decoding.ts";
import { TOKEN_PARAMETER, TOKEN_PREFIX } from "./token.ts";

/** The token that a parameter carries, in whatever spelling: an origin would decode it too. */
function tokenIn(parameter: string): string | undefined {
  const equals = parameter.indexOf("=");
  if (equals === -1 || percentDecoded(parameter.slice(0, equals)) !== TOKEN_PARAMETER)
    return undefined;
  const value = percentDecoded(parameter.slice(equals + 1));
  return value.startsWith(TOKEN_PREFIX) ? value : undefined;
}

/** Whether a text may hold a token in some spelling: most do not, and are not looked at closer. */
export function mayHoldToken(text: string): boolean {
  return text.includes("%") || text.includes(TOKEN_PREFIX);
}

/**
 * Takes our token out of a query, however it is spelt, and nothing else: every other parameter stays
 * byte for byte, one of the same name that is not a token included. Of several the first counts.
 */
export function takeToken(search: string): { token: string | undefined; search: string } {
  if (!mayHoldToken(search)) return { token: undefined, search };
  let token: string | undefined;
  const rest = search
    .slice(1)
    .split("&")
    .filter((part) => {
      const found = tokenIn(part);
      token ??= found;
      return found === undefined;
    });
  if (token === undefined) return { token, search };
  const left = rest.join("&");
  return { token, search: left === "" ? "" : `?${left}` };
}

/** A `Referer` without our token: the page after a QA link names that link. */
export function refererWithoutToken(referer: string): string {
  const query = referer.indexOf("?");
  return query === -1 ? referer : referer.slice(0, query) + takeToken(referer.slice(query)).search;
}
