import { isFields, listOf, type Fields } from "./check-report.ts";
import { strategyOf, type Language } from "./language.ts";
import type { Child } from "./strategies/definition.ts";

/** A policy inside another, and whether that one's common fields hold for it too. */
export interface PolicyChild extends Child {
  readonly inherits: boolean;
}

function* policiesOfRules(written: Fields): Generator<Child> {
  for (const [index, rule] of listOf(written["rules"]).entries())
    if (isFields(rule) && "policy" in rule)
      yield { steps: ["rules", index, "policy"], value: rule["policy"], prefix: "" };
}

/** Every policy right inside another, whatever its shape: those of rules, then those of its strategy. */
export function* childrenOf(written: Fields, language: Language): Generator<PolicyChild> {
  const definition = strategyOf(written, language)?.definition;
  // A split hands nothing down to what its rules lead to; a map does.
  const inherits = definition?.kind === "map";
  for (const child of policiesOfRules(written)) yield { ...child, inherits };
  for (const child of definition?.children(written) ?? []) yield { ...child, inherits };
}
