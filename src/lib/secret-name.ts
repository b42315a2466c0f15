/** Characters of the name of a secret that policies may use. */
export const MAX_SECRET_NAME_CHARS = 64;

/** How the names of secrets begin that policies may use: no other secret of the gateway is a policy's to name. */
export const SECRET_PREFIX = "POLICY_";

/** Whether a text is the name of a secret that a policy may use. */
export function isPolicySecret(name: string): boolean {
  return /^POLICY_\w+$/.test(name) && name.length <= MAX_SECRET_NAME_CHARS;
}
