import type { Issue } from "../lib/issue.ts";
import { nearest } from "../lib/nearest.ts";
import { isPrivateHost } from "./address.ts";
import {
  isFields,
  listOf,
  reportAt,
  siteOf,
  type Fields,
  type Report,
  type Site,
  type Steps,
} from "./check-report.ts";
import { childrenOf } from "./children.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import { MAX_DEPTH } from "./limits.ts";
import type { Found } from "./strategies/definition.ts";

/** What the gateway that will serve the policy allows. */
export interface CheckOptions {
  /** Loopback and private addresses as origins: local development only. */
  readonly allowPrivateOrigins: boolean;
}

/** An inherited `bots`: what it says, and how to report that it is wrong. */
interface InheritedBots {
  readonly name: string;
  readonly report: Report;
}

interface Place {
  readonly site: Site;
  readonly depth: number;
  readonly bots: InheritedBots | undefined;
}

function checkOrigin({ steps, value }: Found, report: Report): void {
  const inObject = isFields(value);
  const text = inObject ? value["url"] : value;
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null || !isPrivateHost(url.hostname)) return;
  report(
    inObject ? [...steps, "url"] : steps,
    `the origin "${url.host}" is a private, loopback, link-local or metadata address`,
    'use a public host name; for local development set the var ALLOW_PRIVATE_ORIGINS to "true"',
  );
}

/** Origins that common fields name. */
function* originsOfFields(written: Fields): Generator<Found> {
  yield { steps: ["fallback"], value: written["fallback"] };
  if (isFields(written["mirror"]))
    yield { steps: ["mirror", "origin"], value: written["mirror"]["origin"] };
}

function needVariant(
  name: unknown,
  variants: readonly string[],
  steps: Steps,
  report: Report,
): void {
  if (typeof name !== "string" || variants.includes(name)) return;
  const near = nearest(name, variants);
  report(
    steps,
    `"${name}" is not a variant of this policy`,
    near === undefined ? `use one of: ${variants.join(", ")}` : `did you mean "${near}"?`,
  );
}

/** Rules that lead to a variant; `variants` is absent where the policy has none. */
function checkRules(written: Fields, variants: readonly string[] | undefined, report: Report) {
  for (const [index, rule] of listOf(written["rules"]).entries()) {
    if (!isFields(rule) || typeof rule["variant"] !== "string") continue;
    const steps = ["rules", index, "variant"];
    if (variants !== undefined) {
      needVariant(rule["variant"], variants, steps, report);
      continue;
    }
    report(
      steps,
      "a path-map has no variants: its rules lead to policies",
      'write "policy" instead of "variant"',
    );
  }
}

/**
 * The rules between fields, over a value whose shape may be wrong in other places: both kinds of
 * issue are then told at once, and nobody mends a policy in two rounds.
 */
export function check(
  value: unknown,
  options: CheckOptions,
  language: Language = LANGUAGE,
): Issue[] {
  const issues: Issue[] = [];

  function visit(policy: unknown, { site, depth, bots: inherited }: Place): void {
    const report = reportAt(issues, site);
    if (depth > MAX_DEPTH) {
      report(
        [],
        `policies stand more than ${MAX_DEPTH} deep here`,
        "join path-maps, or give a part its own key",
      );
      return;
    }
    if (typeof policy === "string" && !options.allowPrivateOrigins)
      checkOrigin({ steps: [], value: policy }, report);
    if (!isFields(policy)) return;
    const definition = strategyOf(policy, language)?.definition;
    if (!options.allowPrivateOrigins) {
      for (const origin of definition?.origins(policy) ?? []) checkOrigin(origin, report);
      for (const origin of originsOfFields(policy)) checkOrigin(origin, report);
    }
    definition?.check(policy, report);
    const own = typeof policy["bots"] === "string" ? { name: policy["bots"], report } : undefined;
    const bots = own ?? inherited;
    if (definition?.kind === "map") {
      checkRules(policy, undefined, report);
    } else if (definition !== undefined) {
      const variants = definition.variantNames(policy);
      checkRules(policy, variants, report);
      needVariant(policy["force"], variants, ["force"], report);
      // A policy with one answer for everybody has no use for an inherited "bots", and none for its variants.
      if (bots !== undefined && bots.name !== "split" && (own !== undefined || definition.splits))
        needVariant(bots.name, variants, ["bots"], bots.report);
    }
    for (const child of childrenOf(policy, language)) {
      visit(child.value, {
        site: siteOf(site, child.steps),
        depth: depth + 1,
        bots: child.inherits ? bots : inherited,
      });
    }
  }

  visit(value, { site: siteOf(undefined, []), depth: 1, bots: undefined });
  return issues;
}
