import { bucket, SEED } from "../lib/hash.ts";
import type { Mirror } from "../policy/compiled.ts";
import type { Identity } from "./identity.ts";

/** Of a policy without mirrors. */
export const NO_MIRRORS: readonly Mirror[] = [];

/** The mirrors that get a copy of a visitor's request. One draw for all of them: whoever is in a share is in every larger one, too. */
export function mirrorsOf(
  mirrors: readonly Mirror[],
  salt: string,
  { visitor }: Identity,
): readonly Mirror[] {
  const place = bucket(SEED.mirror, salt, visitor) * 100;
  return mirrors.filter(({ percent }) => place < percent);
}
