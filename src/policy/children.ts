import type { Fields } from "./check-report.ts";
import { strategyOf, type Language } from "./language.ts";
import type { Child } from "./strategies/definition.ts";

/** A policy inside another, and whether that one's common fields hold for it too. */
export interface PolicyChild extends Child {
  readonly inherits: boolean;
}

/** Every policy right inside another, whatever its shape: those of its fields, then those of its strategy. */
export function* childrenOf(written: Fields, language: Language): Generator<PolicyChild> {
  const definition = strategyOf(written, language)?.definition;
  // A split hands nothing down to what its rules lead to; a map does.
  const inherits = definition?.kind === "map";
  for (const [name, { names }] of language.fieldEntries) {
    if (names === "nothing" || !(name in written)) continue;
    for (const child of names.children(written[name]))
      yield {
        ...child,
        steps: [name, ...child.steps],
        ...(child.named === undefined ? {} : { named: [name, ...child.named] }),
        inherits,
      };
  }
  for (const child of definition?.children(written) ?? []) yield { ...child, inherits };
}
