import { bytesDecoded } from "../lib/percent-decoding.ts";
import { TOKEN_PARAMETER, TOKEN_PREFIX } from "./token.ts";

/** A part of a parameter as some origin may read it: blanks around it are nothing to PHP. */
const readAs = (text: string): string => bytesDecoded(text.replaceAll("+", " ")).trim();

/** The token that a parameter carries, in whatever spelling: an origin would decode it too. */
function tokenIn(parameter: string): string | undefined {
  const equals = parameter.indexOf("=");
  if (equals === -1 || readAs(parameter.slice(0, equals)) !== TOKEN_PARAMETER) return undefined;
  const value = readAs(parameter.slice(equals + 1));
  return value.startsWith(TOKEN_PREFIX) ? value : undefined;
}

/** {@link TOKEN_PREFIX}, each character as it is or encoded. */
const PREFIX_IN_ANY_SPELLING = /(?:s|%73)(?:y|%79)(?:1|%31)(?:\.|%2e)/i;

/** Whether a text may hold a token in some spelling: most do not, and are not looked at closer. */
const mayHoldToken = (text: string): boolean => PREFIX_IN_ANY_SPELLING.test(text);

/**
 * Takes our token out of a query, however it is spelt, and nothing else: every other parameter stays
 * byte for byte, one of the same name that is not a token included. Of several the first counts.
 */
export function takeToken(search: string): { token: string | undefined; search: string } {
  if (!mayHoldToken(search)) return { token: undefined, search };
  let token: string | undefined;
  // Some origins take a semicolon for an ampersand.
  const [first = "", ...others] = search.slice(1).split(/(?=[&;])/);
  const isKept = (parameter: string): boolean => {
    const found = tokenIn(parameter.replace(/^[&;]/, ""));
    token ??= found;
    return found === undefined;
  };
  const isFirstKept = isKept(first);
  const rest = others.filter(isKept).join("");
  if (token === undefined) return { token, search };
  const left = isFirstKept ? first + rest : /^[&;]/.test(first) ? rest : rest.slice(1);
  return { token, search: left === "" ? "" : `?${left}` };
}

/** A URL without our token. */
export function urlWithoutToken(url: string): string {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query) + takeToken(url.slice(query)).search;
}
