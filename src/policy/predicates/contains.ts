import { comparing, type PredicateDefinition } from "./definition.ts";
import { TextSchema } from "./text.ts";

/** Up to this product of lengths the engine's own search is quick at worst, and nearly always quicker than ours. */
const MAX_NATIVE_PRODUCT = 8192;

/** For each beginning of a text, how long its longest end is that the text begins with too (Knuth, Morris & Pratt 1977). */
function bordersOf(part: Uint16Array): Uint16Array {
  const borders = new Uint16Array(part.length);
  let length = 0;
  for (let at = 1; at < part.length; at += 1) {
    while (length > 0 && part[at] !== part[length]) length = borders[length - 1] ?? 0;
    if (part[at] === part[length]) length += 1;
    borders[at] = length;
  }
  return borders;
}

/** Whether a text holds another, in time linear in both, whatever they repeat. */
function holds(value: string, part: Uint16Array, borders: Uint16Array): boolean {
  let length = 0;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    while (length > 0 && code !== part[length]) length = borders[length - 1] ?? 0;
    if (code === part[length]) length += 1;
    if (length === part.length) return true;
  }
  return part.length === 0;
}

/** A value that has somewhere a text. */
export const contains: PredicateDefinition<string> = {
  schema: () => TextSchema,
  compile(written, fold) {
    const part = fold(written);
    const codes = Uint16Array.from(part, (_, at) => part.charCodeAt(at));
    const borders = bordersOf(codes);
    return comparing((value) =>
      value.length * part.length <= MAX_NATIVE_PRODUCT
        ? value.includes(part)
        : holds(value, codes, borders),
    );
  },
  searches: () => [{}],
};
