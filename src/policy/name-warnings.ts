import { isReservedName } from "../lib/reserved-names.ts";
import type { Idle } from "./idle-fields.ts";

/** Variants whose names reports of what they do cannot carry. They are served like all others. */
export function* oddNames(variants: readonly string[]): Generator<Idle> {
  for (const name of variants)
    if (isReservedName(name))
      yield {
        steps: [],
        message: `a variant is called "${name}": nothing is counted of a split with such a name, and no guard watches it`,
        fix: "choose another name",
      };
}
