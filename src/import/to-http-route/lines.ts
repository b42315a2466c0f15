import { isFields, type Fields } from "../../policy/check-report.ts";
import { itemsOf, type Place } from "../place.ts";
import { matchesOf, type WrittenMatch } from "./matches.ts";
import { forwardingRule, redirectRule, SAID, tellFields, type WrittenRule } from "./rules.ts";
import type { Services } from "./services.ts";

/** Matches, any of which lead to a rule. */
export interface RouteLine {
  readonly place: Place;
  readonly matches: readonly WrittenMatch[];
  readonly rule: WrittenRule;
}

/** What no backend answers, as the API has it. */
const NO_BACKEND = 500;

const EVERY: readonly WrittenMatch[] = [{}];

function joined(place: Place, one: WrittenMatch, other: WrittenMatch): WrittenMatch[] {
  for (const name of ["path", "method"])
    if (name in one && name in other)
      return place.error(`cannot be said: two conditions on the ${name}, one in the other`) ?? [];
  const lists: Record<string, unknown> = {};
  for (const name of ["headers", "queryParams"]) {
    const all = [one[name], other[name]].flatMap((list: unknown) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    );
    if (all.length > 0) lists[name] = all;
  }
  return [{ ...one, ...other, ...lists }];
}

/** These lines, for requests alone that fit one of these matches, too. */
const under = (
  place: Place,
  matches: readonly WrittenMatch[],
  lines: readonly RouteLine[],
): RouteLine[] =>
  lines.map((line) => ({
    ...line,
    matches: matches.flatMap((one) => line.matches.flatMap((other) => joined(place, one, other))),
  }));

/** The scheme that a redirect which changes nothing else is for: the other one. An import finds that out again. */
function schemeOf(policy: unknown): string | undefined {
  if (!isFields(policy) || policy["strategy"] !== "redirect") return undefined;
  const { scheme, host, port, path, prefix } = policy;
  const isAlone = [host, port, path, prefix].every((part) => part === undefined);
  return isAlone && typeof scheme === "string"
    ? scheme === "https"
      ? "http"
      : "https"
    : undefined;
}

function linesOfRules(
  place: Place,
  fields: Fields,
  inherited: Fields,
  services: Services,
): RouteLine[] {
  if (!("rules" in fields)) return [];
  return itemsOf(place.at("rules", fields["rules"])).flatMap((rule) => {
    const { value } = rule;
    if (!isFields(value)) return [];
    const match = rule.at("match", value["match"]);
    const scheme = isFields(match.value) ? match.value["scheme"] : undefined;
    const withoutScheme = scheme !== undefined && scheme === schemeOf(value["policy"]);
    const matches = matchesOf(match, { withoutScheme }) ?? [];
    const policy = "policy" in value ? rule.at("policy", value["policy"]) : undefined;
    const lines =
      policy === undefined
        ? [
            {
              place: rule,
              matches: EVERY,
              rule: forwardingRule(place, fields, services, String(value["variant"])),
            },
          ]
        : linesOf(policy, inherited, services);
    return under(rule, matches, lines);
  });
}

const keyMatches = (key: string): readonly WrittenMatch[] => {
  if (key.startsWith("=")) return [{ path: { type: "Exact", value: key.slice(1) } }];
  return key === "/" ? EVERY : [{ path: { type: "PathPrefix", value: key } }];
};

function linesOfMap(place: Place, own: Fields, inherited: Fields, services: Services): RouteLine[] {
  tellFields(place, ["paths", "default"]);
  const said = Object.fromEntries(Object.entries(own).filter(([name]) => SAID.includes(name)));
  const down = { ...inherited, ...said };
  const paths = "paths" in own ? place.at("paths", own["paths"]).children() : undefined;
  const keyed = [...(paths ?? [])].flatMap(([key, child]) =>
    under(child, keyMatches(key), linesOf(child, down, services)),
  );
  const rest = "default" in own ? linesOf(place.at("default", own["default"]), down, services) : [];
  return [...linesOfRules(place, own, down, services), ...keyed, ...rest];
}

/** The lines of an HTTPRoute that a policy makes, in its own order. What none can say is told. */
export function linesOf(place: Place, inherited: Fields, services: Services): RouteLine[] {
  const { value } = place;
  const own: Fields = isFields(value) ? value : { origin: value };
  const fields = { ...inherited, ...own };
  const line = (rule: WrittenRule): RouteLine => ({ place, matches: EVERY, rule });
  const rules = (): RouteLine[] => linesOfRules(place, fields, inherited, services);
  switch (own["strategy"] ?? "single") {
    case "path-map":
      return linesOfMap(place, own, inherited, services);
    case "single":
      if (isFields(value)) tellFields(place, ["origin"]);
      return [...rules(), line(forwardingRule(place, fields, services))];
    case "weighted":
      tellFields(place, ["variants"]);
      return [...rules(), line(forwardingRule(place, fields, services))];
    case "canary":
      tellFields(place, ["stable", "canary", "percent"]);
      if (fields["rescue"] !== false)
        place.warning("is no longer rescued: no failing canary is tried again on stable");
      return [...rules(), line(forwardingRule(place, fields, services))];
    case "redirect":
      tellFields(place, ["status", "scheme", "host", "port", "path", "prefix"]);
      return [...rules(), line(redirectRule(place, fields))];
    case "respond":
      tellFields(place, ["status"]);
      if (own["status"] !== NO_BACKEND)
        place.at("status").error(`cannot be said: an HTTPRoute answers ${NO_BACKEND} alone`);
      return [...rules(), line({})];
    default:
      place.at("strategy").error("cannot be said by an HTTPRoute");
      return [];
  }
}
