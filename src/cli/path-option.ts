import { usage } from "./failure.ts";

/**
 * A path as people type it, with the leading slash that is easily forgotten: taken as it stands,
 * `store` would lead to no prefix of a path-map at all. Throws a usage failure for what is not a path.
 */
export function pathOption(text: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^\/\/|^$/i.test(text))
    throw usage(`--path must be a path, not "${text}"`, "write for example /store");
  return text.startsWith("/") ? text : `/${text}`;
}
