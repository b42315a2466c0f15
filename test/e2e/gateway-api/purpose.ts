import { isFields, type Fields } from "../../../src/policy/check-report.ts";
import { listOf, type Test } from "./cases.ts";

/** Something of a route that a policy does not say, and is not meant to. */
export interface Unsaid {
  readonly object: string;
  /** The field that the importer must name. */
  readonly field: string;
  readonly why: string;
}

function* inRule(rule: Fields, at: string): Generator<Omit<Unsaid, "object">> {
  for (const [index, filter] of listOf(rule["filters"]).entries()) {
    const { requestRedirect, cors } = filter;
    const field = `${at}.filters[${index}]`;
    if (
      isFields(requestRedirect) &&
      Object.keys(requestRedirect).every((name) => name === "statusCode")
    ) {
      yield {
        field: `${field}.requestRedirect`,
        why: "a redirect that gives only a status leads back to where it came from",
      };
    }
    if (
      isFields(cors) &&
      cors["allowCredentials"] === true &&
      Array.isArray(cors["allowOrigins"]) &&
      cors["allowOrigins"].includes("*")
    ) {
      yield {
        field: `${field}.cors`,
        why: "CORS that allows every origin together with credentials opens what a visitor may see to every page they open",
      };
    }
  }
}

function* inBackends(
  rule: Fields,
  at: string,
  backends: readonly string[],
): Generator<Omit<Unsaid, "object">> {
  const refs = listOf(rule["backendRefs"]);
  const live = refs.filter(({ weight }) => weight !== 0);
  const isThere = ({ kind = "Service", name }: Fields) =>
    kind === "Service" && backends.includes(String(name));
  for (const [index, ref] of refs.entries()) {
    const { filters } = ref;
    const field = `${at}.backendRefs[${index}]`;
    if (live.includes(ref) && !isThere(ref) && live.some(isThere))
      yield {
        field,
        why: "a share of requests that ends in a 500, for one of several backends is missing",
      };
    for (const [filter, { requestRedirect }] of listOf(filters).entries()) {
      if (refs.length > 1 && requestRedirect !== undefined)
        yield {
          field: `${field}.filters[${filter}]`,
          why: "a redirect on one of several backends",
        };
    }
  }
}

/** What README.md beside the data lists under "Not to be said", as far as a test has it. */
export function unsaidIn({ routes }: Test, backends: readonly string[]): Unsaid[] {
  return routes.flatMap((route) =>
    listOf(route["rules"]).flatMap((rule, index) =>
      [
        ...inRule(rule, `spec.rules[${index}]`),
        ...inBackends(rule, `spec.rules[${index}]`, backends),
      ].map((one) => ({
        object: `HTTPRoute default/${route.name}`,
        ...one,
      })),
    ),
  );
}
