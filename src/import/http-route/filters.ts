import { MAX_MIRRORS } from "../../policy/limits.ts";
import type { BackendTable } from "../backends.ts";
import type { Place } from "../place.ts";
import { readCors, type Cors } from "./cors.ts";
import { readModifier, type Modifier } from "./header-modifier.ts";
import { readMirror, type Mirror } from "./mirror.ts";
import { readRedirect, type Redirect } from "./redirect.ts";
import { readRewrite, type Rewrite } from "./rewrite.ts";

/** The filters of a rule or of a backend, each kind once but for mirrors. */
export interface Filters {
  readonly request?: Modifier | undefined;
  readonly response?: Modifier | undefined;
  readonly redirect?: Redirect | undefined;
  readonly rewrite?: Rewrite | undefined;
  readonly cors?: Cors | undefined;
  readonly mirrors: readonly Mirror[];
}

/** The field that holds what a filter of a type says. */
const FIELDS = {
  RequestHeaderModifier: "requestHeaderModifier",
  ResponseHeaderModifier: "responseHeaderModifier",
  RequestRedirect: "requestRedirect",
  URLRewrite: "urlRewrite",
  CORS: "cors",
  RequestMirror: "requestMirror",
} as const;

/** Types of the API that no policy has a word for. */
const UNSUPPORTED: Readonly<Record<string, string>> = {
  ExtensionRef: "extensionRef",
  ExternalAuth: "externalAuth",
};

type FilterType = keyof typeof FIELDS;

const isKnown = (type: unknown): type is FilterType =>
  typeof type === "string" && Object.hasOwn(FIELDS, type);

/** The type of a filter and the place of what it says, where policies have a word for it. */
function readType(place: Place): readonly [FilterType, Place] | undefined {
  const all = [...Object.values(FIELDS), ...Object.values(UNSUPPORTED)];
  const fields = place.fields(["type", ...all]);
  if (fields === undefined) return undefined;
  const type = fields.get("type");
  if (type === undefined) return place.at("type").error("is missing");
  if (!isKnown(type.value)) {
    const own =
      typeof type.value === "string" && Object.hasOwn(UNSUPPORTED, type.value)
        ? UNSUPPORTED[type.value]
        : undefined;
    const at = own === undefined ? type : place.at(own);
    return at.error(
      "cannot be said in a policy: do it at the origin, or take the filter out of the file if you can do without",
    );
  }
  const field = FIELDS[type.value];
  for (const name of all)
    if (name !== field) fields.get(name)?.error(`does not go with the type ${type.value}`);
  const said = fields.get(field);
  return said === undefined
    ? place.at(field).error(`is missing: the type is ${type.value}`)
    : [type.value, said];
}

/** Reads filters in their order. */
export function readFilters(
  items: readonly Place[],
  namespace: string,
  backends: BackendTable,
): Filters {
  const found: { -readonly [TName in keyof Filters]: Filters[TName] } = { mirrors: [] };
  const mirrors: Mirror[] = [];
  const seen = new Set<FilterType>();
  for (const place of items) {
    const [type, said] = readType(place) ?? [];
    if (type === undefined || said === undefined) continue;
    if (type === "RequestMirror") {
      const mirror = readMirror(said, namespace, backends);
      if (mirrors.length >= MAX_MIRRORS) said.error(`is one too many: ${MAX_MIRRORS} at most`);
      else if (mirror !== undefined) mirrors.push(mirror);
      continue;
    }
    if (seen.has(type)) {
      said.error(`stands there a second time: the API takes one ${type} in a list`);
      continue;
    }
    seen.add(type);
    if (type === "RequestHeaderModifier") found.request = readModifier(said);
    else if (type === "ResponseHeaderModifier") found.response = readModifier(said);
    else if (type === "RequestRedirect") found.redirect = readRedirect(said);
    else if (type === "URLRewrite") found.rewrite = readRewrite(said);
    else found.cors = readCors(said);
  }
  if (seen.has("RequestRedirect") && found.rewrite !== undefined)
    found.rewrite.place.error("does not go with a redirect");
  return { ...found, mirrors };
}
