import { isReservedName } from "./reserved-names.ts";

/** Characters of a binding's name in a policy: longer ones than anybody gives. */
export const MAX_BINDING_CHARS = 64;

/** What is bound to Switchyard's own Workers: the way to KV, to the hub and to the ledgers is not an origin's. */
const OURS = new Set(["ROUTING_CONFIG", "METRICS", "HUB", "HUBS", "LEDGER", "CF_VERSION_METADATA"]);

/** Whether a text can be the name of a binding that origins are reached through: no name of ours, and none that every object of JavaScript has. */
export function isOriginBinding(name: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(name) &&
    name.length <= MAX_BINDING_CHARS &&
    !OURS.has(name) &&
    !isReservedName(name)
  );
}
