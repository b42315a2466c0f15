import type { Draft } from "../draft.ts";
import type { Place } from "../place.ts";
import { readRegex } from "../../policy/predicates/regex-read.ts";
import { wholeValue } from "./header-pattern.ts";
import type { Annotations } from "./annotations.ts";

/** A rule of a canary policy, and the annotation that it comes from. */
export interface CanaryRule {
  readonly place: Place;
  readonly rule: Readonly<Record<string, unknown>>;
}

/** What the annotations of a canary Ingress say. */
export interface CanarySettings {
  readonly percent: number;
  readonly weightPlace: Place | undefined;
  readonly rules: readonly CanaryRule[];
}

const HUNDRED = 100;

/** Digits behind the point that a percentage keeps: a division must not leave a tail. */
const DECIMALS = 10;

function readPercent(annotations: Annotations): number | undefined {
  const weight = annotations.whole("canary-weight") ?? 0;
  const total = annotations.whole("canary-weight-total") ?? HUNDRED;
  if (total === 0) return annotations.place("canary-weight-total")?.error("must be above 0");
  if (weight > total)
    return annotations.place("canary-weight")?.error(`is above the total of ${total}`);
  return Number(((weight * HUNDRED) / total).toFixed(DECIMALS));
}

/** A rule for a condition that leads to one side. */
const ruled = (place: Place, name: string, match: object, variant: string): CanaryRule => ({
  place,
  rule: { name, match, variant },
});

/** `always` leads to the canary, `never` to stable, and anything else goes on. */
const onWords = (place: Place, kind: "header" | "cookie", name: string): CanaryRule[] => [
  ruled(place, `${kind}-always`, { [kind]: { [name]: "always" } }, "canary"),
  ruled(place, `${kind}-never`, { [kind]: { [name]: "never" } }, "stable"),
];

function headerRules(annotations: Annotations): CanaryRule[] {
  const place = annotations.place("canary-by-header");
  const name = annotations.text("canary-by-header")?.toLowerCase();
  const valuePlace = annotations.place("canary-by-header-value");
  const patternPlace = annotations.place("canary-by-header-pattern");
  if (place === undefined || name === undefined || name === "") {
    const why = 'no "canary-by-header" names a header';
    annotations.idle(["canary-by-header-value", "canary-by-header-pattern"], why);
    return [];
  }
  if (valuePlace !== undefined) {
    annotations.idle(["canary-by-header-pattern"], '"canary-by-header-value" goes first');
    const header = { [name]: annotations.text("canary-by-header-value") };
    return [ruled(valuePlace, "header-value", { header }, "canary")];
  }
  if (patternPlace === undefined) return onWords(place, "header", name);
  const regex = wholeValue(annotations.text("canary-by-header-pattern") ?? "");
  const read = readRegex(regex);
  if (!read.ok) {
    const [what, fix] = read.error;
    patternPlace.error(`is not a regular expression that policies take: ${what}; ${fix}`);
    return [];
  }
  return [ruled(patternPlace, "header-pattern", { header: { [name]: { regex } } }, "canary")];
}

function cookieRules(annotations: Annotations): CanaryRule[] {
  const place = annotations.place("canary-by-cookie");
  const name = annotations.text("canary-by-cookie");
  return place === undefined || name === undefined || name === ""
    ? []
    : onWords(place, "cookie", name);
}

/** Reads the annotations of a canary Ingress: by header, by cookie, by weight, in this order. */
export function readCanary(annotations: Annotations): CanarySettings {
  return {
    percent: readPercent(annotations) ?? 0,
    weightPlace: annotations.place("canary-weight"),
    rules: [...headerRules(annotations), ...cookieRules(annotations)],
  };
}

/** Writes its rules into a canary policy. */
export function writeRules(draft: Draft, rules: readonly CanaryRule[]): void {
  if (rules.length === 0) return;
  draft.set(
    "rules",
    rules.map(({ rule }) => rule),
  );
  for (const [index, { place }] of rules.entries()) draft.note(["rules", index], place);
}
