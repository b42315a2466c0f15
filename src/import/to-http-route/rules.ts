import { isFields, type Fields } from "../../policy/check-report.ts";
import { itemsOf, type Place } from "../place.ts";
import { corsFilters, headerFilters, newPathOf, retryOf, sessionOf, timeoutsOf } from "./fields.ts";
import type { Services } from "./services.ts";

/** A rule of an HTTPRoute without its matches. */
export type WrittenRule = Readonly<Record<string, unknown>>;

/** Fields that a rule of the API has something for; what a path-map says of them is said of all below it. */
export const SAID = [
  "headers",
  "rewrite",
  "stripPrefix",
  "cors",
  "timeoutMs",
  "totalTimeoutMs",
  "retry",
  "mirror",
  "sticky",
];

/** Fields that do not change where a request goes. */
const LOST = [
  "salt",
  "epoch",
  "experiment",
  "cache",
  "visitorHeader",
  "override",
  "goals",
  "guard",
];

/** Tells of every field that an HTTPRoute has nothing for. */
export function tellFields(place: Place, own: readonly string[]): void {
  const known = new Set(["strategy", "rules", ...own, ...SAID]);
  for (const [name, child] of place.children() ?? []) {
    if (known.has(name)) continue;
    if (LOST.includes(name)) child.warning("is lost: an HTTPRoute has nothing like it");
    else if (name !== "rescue" || child.value !== false)
      child.error("cannot be said by an HTTPRoute");
  }
}

/** Weights of a share in percent: whole numbers, as the API wants them. */
function sharesOf(percent: number): readonly [rest: number, share: number] {
  let scale = 1;
  while (scale < 10_000 && !Number.isInteger(percent * scale)) scale *= 10;
  const share = Math.round(percent * scale);
  return [100 * scale - share, share];
}

/** A branch of a policy: its name, where its origin stands, and its share. */
interface Branch {
  readonly name: string;
  readonly origin: Place;
  readonly weight: number | undefined;
  readonly headers: Place | undefined;
}

function branchesOf(place: Place, fields: Fields): readonly Branch[] {
  const at = (name: string): Place => place.at(name, fields[name]);
  if (Array.isArray(fields["variants"]))
    return itemsOf(at("variants")).flatMap((variant) => {
      const { value } = variant;
      if (!isFields(value)) return [];
      const headers = "headers" in value ? variant.at("headers", value["headers"]) : undefined;
      const weight = typeof value["weight"] === "number" ? value["weight"] : 1;
      return [
        {
          name: String(value["name"]),
          origin: variant.at("origin", value["origin"]),
          weight,
          headers,
        },
      ];
    });
  if ("origin" in fields)
    return [{ name: "origin", origin: at("origin"), weight: undefined, headers: undefined }];
  const [rest, share] = sharesOf(Number(fields["percent"]));
  return [
    { name: "stable", origin: at("stable"), weight: rest, headers: undefined },
    { name: "canary", origin: at("canary"), weight: share, headers: undefined },
  ];
}

function backendOf({ origin, weight, headers }: Branch, services: Services): object {
  const { value } = origin;
  const own: Fields = isFields(value) ? value : { url: value };
  const { service, hostname } = reachedAt(own);
  for (const name of Object.keys(own))
    if (!["url", "resolve", "headers", "rewrite"].includes(name))
      origin.at(name).error("cannot be said of one backend of an HTTPRoute");
  if (headers !== undefined && "headers" in own)
    headers.error("stands on the variant and on its origin: a backend has one filter of a kind");
  const filters = [
    ...headerFilters(
      headers ?? ("headers" in own ? origin.at("headers", own["headers"]) : undefined),
    ),
    ...rewriteFilters(own, hostname),
  ];
  return {
    ...services.of(service),
    ...(weight === undefined ? {} : { weight }),
    ...(filters.length === 0 ? {} : { filters }),
  };
}

/** Where the Service of an origin is, and the host that it is told where that is another one. */
function reachedAt({ url, resolve }: Fields): { service: string; hostname?: string } {
  if (typeof resolve !== "string") return { service: String(url) };
  const service = new URL(String(url));
  const { hostname } = service;
  service.hostname = resolve;
  return { service: service.href.replace(/\/$/, ""), hostname };
}

function rewriteFilters({ rewrite, stripPrefix }: Fields, hostname?: string): object[] {
  const written = isFields(rewrite) ? rewrite : stripPrefix === true ? { prefix: "" } : undefined;
  const urlRewrite = {
    ...(hostname === undefined ? {} : { hostname }),
    ...(written === undefined ? {} : newPathOf(written)),
  };
  return written === undefined && hostname === undefined
    ? []
    : [{ type: "URLRewrite", urlRewrite }];
}

/** The share of copies, as the API writes it: nothing for all of them. */
function shareOf(percent: unknown): object {
  if (percent === 100) return {};
  if (Number.isInteger(percent)) return { percent };
  const [rest, share] = sharesOf(Number(percent));
  return { fraction: { numerator: share, denominator: rest + share } };
}

function mirrorFilters(place: Place, services: Services): object[] {
  const { value } = place;
  if (value === undefined) return [];
  const mirrors: readonly unknown[] = Array.isArray(value) ? value : [value];
  return mirrors.flatMap((one) => {
    if (!isFields(one)) return [];
    const { origin, percent } = one;
    if (typeof origin !== "string")
      return place.error("cannot be said: a copy has no filters of its own") ?? [];
    const requestMirror = { backendRef: services.of(origin), ...shareOf(percent) };
    return [{ type: "RequestMirror", requestMirror }];
  });
}

const withFilters = (filters: readonly object[], rule: WrittenRule): WrittenRule =>
  filters.length === 0 ? rule : { filters, ...rule };

/** The rule that sends requests to a policy's origins, or to one of its variants alone. */
export function forwardingRule(
  place: Place,
  fields: Fields,
  services: Services,
  only?: string,
): WrittenRule {
  const at = (name: string): Place => place.at(name, fields[name]);
  const branches = branchesOf(place, fields).filter(
    ({ name }) => only === undefined || name === only,
  );
  const backendRefs = branches.map((branch) =>
    backendOf(only === undefined ? branch : { ...branch, weight: undefined }, services),
  );
  const isSplit = branches.length > 1;
  const filters = [
    ...headerFilters("headers" in fields ? at("headers") : undefined),
    ...rewriteFilters(fields),
    ...mirrorFilters(at("mirror"), services),
    ...corsFilters(fields["cors"]),
  ];
  return withFilters(filters, {
    ...timeoutsOf(fields),
    ...retryOf("retry" in fields ? at("retry") : undefined),
    ...(isSplit ? sessionOf(at("sticky")) : {}),
    backendRefs,
  });
}

/** The rule that redirects. */
export function redirectRule(place: Place, fields: Fields): WrittenRule {
  const { status, scheme, host, port } = fields;
  const requestRedirect = {
    ...(scheme === undefined ? {} : { scheme }),
    ...(host === undefined ? {} : { hostname: host }),
    ...(port === undefined ? {} : { port }),
    ...newPathOf(fields),
    ...(status === undefined ? {} : { statusCode: status }),
  };
  const headers = "headers" in fields ? place.at("headers", fields["headers"]) : undefined;
  return withFilters(
    [
      { type: "RequestRedirect", requestRedirect },
      ...headerFilters(headers),
      ...corsFilters(fields["cors"]),
    ],
    {},
  );
}
