import type { HeaderEdit } from "../../policy/compiled.ts";
import type { Platform } from "../platform.ts";

/**
 * Sets, adds and removes what a policy says, in the order of the list. A field whose secret is not
 * there goes altogether: what a client or an origin said in it must not stand in the secret's place.
 */
export function applyEdits(
  headers: Headers,
  edits: readonly HeaderEdit[],
  secretOf: Platform["secret"],
): void {
  for (const { kind, name, value: written } of edits) {
    const value = typeof written === "string" ? written : secretOf(written.secret);
    if (kind === "remove" || value === undefined) headers.delete(name);
    else if (kind === "set") headers.set(name, value);
    else headers.append(name, value);
  }
}
