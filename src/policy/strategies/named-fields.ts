import type { Fields } from "../check-report.ts";
import type { OriginInput } from "../origin-values.ts";
import type { Found, WrittenVariant } from "./definition.ts";

/** The parts of a strategy that has one field for each of its variants, and that field's name for the variant's. */
export function namedFields<const TNames extends readonly [string, ...string[]]>(names: TNames) {
  return {
    variantNames: (): TNames => names,
    origins: (written: Fields): readonly Found[] =>
      names.map((name) => ({ steps: [name], value: written[name] })),
    variants: (written: Readonly<Record<TNames[number], OriginInput>>): readonly WrittenVariant[] =>
      names.map((name: TNames[number]) => ({ name, origin: written[name] })),
    children: () => [],
  };
}
