import { isOriginBinding } from "../lib/binding-name.ts";
import { message } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";
import { nearest } from "../lib/nearest.ts";
import { listed, shorten } from "../lib/shorten.ts";
import { isAddress, isPrivateName } from "./address.ts";
import {
  isFields,
  listOf,
  reportAt,
  siteOf,
  type Fields,
  type Report,
  type Site,
} from "./check-report.ts";
import { saltBelow, SplitCheck, type SaltBase, type Split } from "./check-splits.ts";
import { childrenOf } from "./children.ts";
import { inherit, RIVALS } from "./inherit.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import { MAX_DEPTH, MAX_GOALS, MAX_ISSUES } from "./limits.ts";
import type { AnyStrategy, Found } from "./strategies/definition.ts";

/** What the gateway that will serve the policy allows. */
export interface CheckOptions {
  /** Loopback and private addresses as origins: local development only. */
  readonly allowPrivateOrigins: boolean;
  /** Bindings that an origin may be reached through; any where nobody here knows which there are. */
  readonly originBindings?: readonly string[] | undefined;
  /** The names of receivers of notices, where they are known; one that a guard names beside them is a warning. */
  readonly receivers?: readonly string[] | undefined;
  /** The route's, where it is known: what the default salts of its policy begin with. */
  readonly key?: string | undefined;
}

/** A variant that a field names, and where it is written. */
interface NamedVariant extends Found {
  readonly report: Report;
}

/** By the field that names them; a policy's own field replaces an inherited one whole. */
type NamedVariants = ReadonlyMap<string, readonly NamedVariant[]>;

interface Place {
  readonly site: Site;
  readonly depth: number;
  readonly inherited: NamedVariants;
  /** Inherited common fields, whatever their shape. */
  readonly common: Fields;
  readonly base: SaltBase;
  readonly named: Split["named"];
  readonly isNameless: boolean;
}

function checkOrigin(
  { steps, value }: Found,
  report: Report,
  { allowPrivateOrigins, originBindings }: CheckOptions,
): void {
  const { url, resolve, via } = isFields(value) ? value : { url: value };
  if (typeof via === "string") {
    if (isOriginBinding(via) && originBindings?.includes(via) === false)
      noBinding(via, steps, report, originBindings);
    // It decides what is reached, whatever the URL's host.
    return;
  }
  if (allowPrivateOrigins) return;
  checkHost(url, isFields(value) ? [...steps, "url"] : steps, report);
  if (typeof resolve === "string") checkHost(`http://${resolve}`, [...steps, "resolve"], report);
}

function noBinding(
  via: string,
  steps: Found["steps"],
  report: Report,
  known: readonly string[],
): void {
  report(
    [...steps, "via"],
    message(
      () => `must be a binding that the var ORIGIN_BINDINGS lists, not "${shorten(via)}"`,
      () =>
        `${known.length === 0 ? "" : `use one of ${listed(known)}, or `}bind it to the gateway, and add it to ORIGIN_BINDINGS of both Workers`,
    ),
  );
}

const LOCALLY = 'for local development set the var ALLOW_PRIVATE_ORIGINS to "true"';

function checkHost(text: unknown, steps: Found["steps"], report: Report): void {
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null) return;
  const quoted = () => `the origin "${shorten(url.host)}"`;
  if (isAddress(url.hostname))
    report(
      steps,
      message(
        () => `${quoted()} is an IP address, and a Worker can fetch none`,
        () =>
          `give it a name: a DNS record or a Cloudflare Tunnel, or go through a VPC service with "via"; ${LOCALLY}`,
      ),
    );
  else if (isPrivateName(url.hostname))
    report(
      steps,
      message(
        () => `${quoted()} is a private, loopback, link-local or metadata address`,
        () => `use a public host name, or go through a binding with "via"; ${LOCALLY}`,
      ),
    );
}

/** Every origin that a policy names itself, whatever its shape. */
function* originsOf(written: Fields, definition: AnyStrategy | undefined, language: Language) {
  yield* definition?.origins(written) ?? [];
  for (const [name, { names }] of language.fieldEntries) {
    if (names === "nothing" || !(name in written)) continue;
    for (const { steps, value } of names.origins(written[name]))
      yield { steps: [name, ...steps], value };
  }
}

function needVariant({ steps, value, report }: NamedVariant, variants: ReadonlySet<string>): void {
  if (typeof value !== "string" || variants.has(value)) return;
  report(steps, () => {
    const known = [...variants];
    const near = nearest(value, known);
    return message(
      () => `"${shorten(value)}" is not a variant of this policy`,
      () => (near === undefined ? `use one of: ${listed(known)}` : `did you mean "${near}"?`),
    );
  });
}

/** The variants that a policy's fields name, by field; none where the field is not there. */
function variantsNamed(written: Fields, report: Report, { fieldEntries }: Language): NamedVariants {
  const named = new Map<string, readonly NamedVariant[]>();
  for (const [name, { names }] of fieldEntries) {
    if (names === "nothing" || !(name in written)) continue;
    const found = names.variants(written[name]);
    named.set(
      name,
      found.map(({ steps, value }) => ({ steps: [name, ...steps], value, report })),
    );
  }
  return named;
}

/** What the children of a map inherit of common fields. */
function handedDown(written: Fields, inherited: Fields, { fieldEntries }: Language): Fields {
  const own = fieldEntries.filter(([name, field]) => field.inherited && name in written);
  return inherit(inherited, Object.fromEntries(own.map(([name]) => [name, written[name]])));
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

  function checkVariants(
    definition: AnyStrategy,
    written: Fields,
    own: NamedVariants,
    inherited: NamedVariants,
  ) {
    if (definition.kind === "leaf") {
      const variants = new Set(definition.variantNames(written));
      for (const one of [...own.values()].flat()) needVariant(one, variants);
      // A policy with one answer for everybody has no use for what it inherits.
      if (!definition.splits) return;
      for (const [name, found] of inherited)
        if (!own.has(name)) for (const one of found) needVariant(one, variants);
      return;
    }
    for (const [name, field] of language.fieldEntries) {
      if (field.inherited || field.stands === "at-leaf") continue;
      for (const { steps, report } of own.get(name) ?? [])
        report(
          steps,
          message(
            () => `a ${definition.title} has no variants: its rules lead to policies`,
            'write "policy" instead of "variant"',
          ),
        );
    }
  }

  const splits = new SplitCheck(issues);
  const goals = isFields(value) ? listOf(value["goals"]).slice(0, MAX_GOALS) : [];

  function visit(policy: unknown, place: Place): void {
    if (issues.length >= MAX_ISSUES) return;
    const { site, depth, inherited, common, base, named, isNameless } = place;
    const report = reportAt(issues, site);
    if (depth > MAX_DEPTH) {
      report(
        [],
        message(
          () => `policies stand more than ${MAX_DEPTH} deep here`,
          "join path-maps, or give a part its own key",
        ),
      );
      return;
    }
    if (typeof policy === "string") checkOrigin({ steps: [], value: policy }, report, options);
    if (!isFields(policy)) return;
    const definition = strategyOf(policy, language)?.definition;
    for (const origin of originsOf(policy, definition, language))
      checkOrigin(origin, report, options);
    for (const [one, other] of RIVALS)
      if (one in policy && other in policy)
        report(
          [other],
          message(() => `says with "${one}" twice what happens to the path`, `remove one of them`),
        );
    if (depth > 1)
      for (const [name, { stands }] of language.fieldEntries)
        if (stands === "at-root" && name in policy)
          report(
            [name],
            message(
              () =>
                `"${name}" does not belong here: it is about the whole route, and stands on the root policy`,
              "move it to the root policy",
            ),
          );
    const inForce: Fields = inherit(common, policy);
    definition?.check(policy, report, inForce);
    for (const [name, field] of language.fieldEntries)
      if (field.check !== undefined && name in policy)
        field.check(policy[name], { policy, definition, goals }, report);
    if (definition?.kind === "leaf" && definition.splits)
      splits.take({ site, own: policy, inForce, base, named, isNameless });
    const own = variantsNamed(policy, report, language);
    if (definition !== undefined) checkVariants(definition, policy, own, inherited);
    const down =
      definition?.kind === "map"
        ? new Map(
            [...inherited, ...own].filter(([name]) => language.fields[name]?.inherited === true),
          )
        : inherited;
    const handed = definition?.kind === "map" ? handedDown(policy, common, language) : common;
    const below = definition?.kind === "map" ? saltBelow(policy, base) : base;
    for (const child of childrenOf(policy, language)) {
      visit(child.value, {
        site: siteOf(site, child.steps),
        depth: depth + 1,
        inherited: down,
        common: handed,
        base: { ...below, path: base.path + (child.segment ?? "#") },
        named: child.named && { site, steps: child.named },
        isNameless: child.segment === undefined,
      });
    }
  }

  visit(value, {
    site: siteOf(undefined, []),
    depth: 1,
    inherited: new Map(),
    common: {},
    base: { written: options.key, path: "" },
    named: undefined,
    isNameless: false,
  });
  return issues;
}
