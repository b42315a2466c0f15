import { EDGE_ADDRESS, HOP_BY_HOP, isClaim, isForwarded, plainName } from "../lib/field-names.ts";

/** Fields that the gateway or the platform answers for, in both directions: framing, the chain of proxies, our own. */
const MANAGED = new Set([...HOP_BY_HOP, "content-length", "host", "expect", "via", "cdn-loop"]);

/** Whether no header edit may touch a field, in any spelling that a server reads as the same: it would break framing or forge what was decided. */
export function isManaged(name: string): boolean {
  const plain = plainName(name);
  return MANAGED.has(plain) || /^x-switchyard(?:-|$)/.test(plain);
}

/** Whether an edit may take a field out: also our own with the visitor's address, which is nobody's business by default. */
export function isRemovable(name: string): boolean {
  return !isManaged(name) || name.toLowerCase() === "x-switchyard-client-ip";
}

/**
 * Whether no header edit may put a field into an origin's request: it claims an address, a URL, a
 * method or an identity, and what of these is true the gateway tells itself. To remove one claims nothing.
 */
export function isForgery(name: string): boolean {
  const plain = plainName(name);
  return isForwarded(plain) || isClaim(plain) || plain === EDGE_ADDRESS;
}
