import type { Target } from "../entry.ts";
import { targetOf } from "../entry.ts";
import { Draft } from "../draft.ts";
import { Names } from "../names.ts";
import type { Place } from "../place.ts";
import type { Backend } from "./backend-refs.ts";
import type { Filters } from "./filters.ts";
import { headersOf, type Modifier } from "./header-modifier.ts";
import type { Rewrite } from "./rewrite.ts";
import { toldHost } from "./rewrite.ts";

/** What a request gets that no backend takes. */
const NO_BACKEND = 500;

/** Everything that decides what a rule leads to, read. */
export interface RuleParts {
  readonly rule: Place;
  readonly filters: Filters;
  readonly backends: readonly Backend[];
  /** Backends that are known not to exist. */
  readonly nowhere: readonly Pick<Backend, "place" | "weight">[];
  /** Whether backends are named at all, with an origin or without. */
  readonly hasBackends: boolean;
  readonly sticky: { readonly place: Place; readonly policy: unknown } | undefined;
  /** Fields about the way to an origin, each where it stands. */
  readonly timing: readonly (readonly [place: Place, write: (draft: Draft) => void])[];
  /** What visitors are drawn by where several entries share the rule and keep pins. */
  readonly salt: string | undefined;
}

type Steps = readonly (string | number)[];

function writeCors(draft: Draft, { cors }: Filters): void {
  if (cors === undefined) return;
  draft.set("cors", cors.policy, cors.place);
  for (const [path, place] of cors.trail) draft.noteAt(`$.cors${path.slice(1)}`, place);
}

function writeHeaders(
  draft: Draft,
  request: Modifier | undefined,
  response: Modifier | undefined,
): void {
  draft.set("headers", headersOf(draft, ["headers"], { request, response }));
}

/** A policy that ends at the gateway: nothing is forwarded, so what is about forwarding does nothing. */
function ending(parts: RuleParts, strategy: string, said: object, from: Place): Target {
  const { filters, timing, sticky, rule } = parts;
  const draft = new Draft(rule);
  draft.set("strategy", strategy);
  for (const [name, value] of Object.entries(said) as [string, unknown][])
    draft.set(name, value, from);
  writeHeaders(draft, undefined, filters.response);
  writeCors(draft, filters);
  const idle = [filters.request?.trail.get(""), filters.rewrite?.place, sticky?.place];
  for (const place of [...idle, ...timing.map(([one]) => one)])
    place?.warning("does nothing here: nothing is forwarded to a backend");
  for (const { place } of filters.mirrors)
    place.error("cannot be said: what is not forwarded is not copied");
  return targetOf(draft.policy, draft.trail);
}

/** The origin of a backend, with its own filters and the host that the rule has it told. */
function originOf(
  draft: Draft,
  steps: Steps,
  { origin, filters, place }: Backend,
  rewrite: Rewrite | undefined,
): unknown {
  draft.note(steps, place);
  const { request, response } = filters;
  const headers = headersOf(draft, [...steps, "headers"], { request, response });
  const own = filters.rewrite;
  const hostFrom = own?.hostname === undefined ? rewrite : own;
  if (hostFrom?.hostPlace !== undefined) {
    draft.note([...steps, "url"], hostFrom.hostPlace);
    draft.note([...steps, "resolve"], hostFrom.hostPlace);
  }
  if (own?.pathPlace !== undefined) draft.note([...steps, "rewrite"], own.pathPlace);
  const told = hostFrom === undefined ? { url: origin } : toldHost(origin, hostFrom);
  const object = {
    ...told,
    ...(headers === undefined ? {} : { headers }),
    ...(own?.newPath === undefined ? {} : { rewrite: own.newPath }),
  };
  return Object.keys(object).length === 1 ? origin : object;
}

/** What of a backend's filters only a policy can say, and no origin. */
function demandPlain(backends: readonly Backend[]): void {
  for (const { filters } of backends) {
    const { redirect, cors, mirrors } = filters;
    for (const place of [redirect?.place, cors?.place, ...mirrors.map((one) => one.place)])
      place?.error("cannot be said of one of several backends: put it on the rule");
  }
}

function variantsOf(draft: Draft, parts: RuleParts): unknown[] {
  const names = new Names();
  return parts.backends.map((backend, index) => {
    const steps = ["variants", index];
    draft.note(steps, backend.place);
    draft.note([...steps, "weight"], backend.place.at("weight"));
    const origin = originOf(draft, [...steps, "origin"], backend, parts.filters.rewrite);
    return { name: names.take(backend.name), origin, weight: backend.weight };
  });
}

/** The filters of the only backend stand on the policy, where they may be of any kind. */
function withOnly(filters: Filters, only: Backend | undefined): Filters {
  if (only === undefined) return filters;
  const { redirect, cors, mirrors } = only.filters;
  if (cors !== undefined) filters.cors?.place.error("stands there on the backend, too");
  return {
    ...filters,
    redirect: filters.redirect ?? redirect,
    cors: filters.cors ?? cors,
    mirrors: [...filters.mirrors, ...mirrors],
  };
}

function writeMirrors(draft: Draft, { mirrors }: Filters): void {
  const [first] = mirrors;
  const policies = mirrors.map(({ policy }) => policy);
  draft.set("mirror", mirrors.length > 1 ? policies : policies[0], first?.place);
  for (const [index, { place }] of mirrors.entries())
    if (mirrors.length > 1) draft.note(["mirror", index], place);
}

function forwarding(parts: RuleParts, live: readonly Backend[]): Target {
  const { rule, sticky, timing, salt } = parts;
  const [only] = parts.backends.length === 1 ? live : [];
  const filters = withOnly(parts.filters, only);
  const draft = new Draft(rule);
  if (only === undefined) {
    demandPlain(parts.backends);
    draft.set("strategy", "weighted");
    draft.set("variants", variantsOf(draft, parts), rule.at("backendRefs"));
    draft.set("sticky", sticky?.policy ?? false, sticky?.place);
    if (sticky !== undefined) draft.set("salt", salt);
  } else {
    draft.set("origin", originOf(draft, ["origin"], only, filters.rewrite));
    // Which requests are copied is drawn for each of them, as it is where there is a split.
    if (filters.mirrors.some(({ policy }) => policy.percent < 100)) draft.set("sticky", false);
    sticky?.place.warning("does nothing here: a policy keeps visitors on a backend of several");
  }
  if (filters.rewrite?.newPath !== undefined)
    draft.set("rewrite", filters.rewrite.newPath, filters.rewrite.pathPlace);
  writeHeaders(draft, filters.request, filters.response);
  writeCors(draft, filters);
  for (const [, write] of timing) write(draft);
  writeMirrors(draft, filters);
  const { origin, ...others } = draft.policy;
  const isBare = typeof origin === "string" && Object.keys(others).length === 0;
  return targetOf(isBare ? origin : draft.policy, draft.trail);
}

/** What a rule leads to: a redirect, its backends by weight, or a 500 where no backend takes anything. */
export function targetOfRule(parts: RuleParts): Target | undefined {
  const { filters, backends, nowhere, hasBackends } = parts;
  const live = backends.filter(({ weight }) => weight > 0);
  const [only] = backends.length === 1 ? live : [];
  const redirect = filters.redirect ?? only?.filters.redirect;
  if (redirect !== undefined) {
    if (filters.redirect !== undefined && hasBackends)
      parts.rule.at("backendRefs").error("does not go with a redirect: nothing is forwarded");
    const all = withOnly(filters, only);
    return ending({ ...parts, filters: all }, "redirect", redirect.policy, redirect.place);
  }
  // An error has said why a backend is not there.
  if (hasBackends && backends.length === 0 && nowhere.length === 0) return undefined;
  if (live.length > 0)
    for (const { place, weight } of nowhere)
      if (weight > 0)
        place.error(
          `does not exist, and a share of requests that ends in a ${NO_BACKEND} cannot be said: take it out, or name an origin for it`,
        );
  if (live.length === 0)
    return ending(parts, "respond", { status: NO_BACKEND }, parts.rule.at("backendRefs"));
  return forwarding(parts, live);
}
