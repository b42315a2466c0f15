import type { Common } from "./common.ts";
import type { FieldName } from "./fields/index.ts";

/** Fields that say one thing in two ways: a policy writes one of them, and with it replaces an inherited other. */
export const RIVALS: readonly (readonly [FieldName, FieldName])[] = [["stripPrefix", "rewrite"]];

/** The common fields in force: inherited ones, and a policy's own in their place. */
export function inherit(inherited: Common, own: Common): Common {
  const inForce = { ...inherited, ...own };
  for (const [one, other] of RIVALS) {
    if (one in own && !(other in own)) delete inForce[other];
    if (other in own && !(one in own)) delete inForce[one];
  }
  return inForce;
}
