import { isReservedName } from "../lib/reserved-names.ts";
import { MAX_WEIGHT } from "../policy/limits.ts";
import { usage } from "./failure.ts";
import { wholeOf } from "./numbers.ts";

/** The weights that `name=weight` arguments say. Throws a usage failure for what is not one, for a name given twice, and for one that no variant can have. */
export function weightsOf(texts: readonly string[]): Readonly<Record<string, number>> {
  const weights = new Map<string, number>();
  for (const text of texts) {
    const equals = text.lastIndexOf("=");
    if (equals < 1) throw usage(`"${text}" is not a weight`, "write for example control=90");
    const name = text.slice(0, equals);
    if (isReservedName(name))
      throw usage(`"${name}" is not the name of a variant`, "see sy get for their names");
    if (weights.has(name)) throw usage(`the weight of "${name}" is given twice`, "give it once");
    weights.set(name, wholeOf(name, text.slice(equals + 1), 0, MAX_WEIGHT));
  }
  return Object.fromEntries(weights);
}
