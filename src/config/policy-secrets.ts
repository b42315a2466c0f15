import { isPolicySecret } from "../lib/secret-name.ts";

/** What a header's value may hold (RFC 9110 §5.5): no line break, so that no secret adds a field; at most what a policy may write itself. */
const HEADER_VALUE = /^[\t\x20-\x7E]{1,4096}$/;

/**
 * The secrets that policies may name, by name. What `echo` or an editor has put round one is taken
 * off; one that is not a header's value is as good as absent.
 */
export function policySecrets(env: object): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const secret = isPolicySecret(name) && typeof value === "string" ? value.trim() : "";
    if (HEADER_VALUE.test(secret)) secrets.set(name, secret);
  }
  return secrets;
}
