import * as v from "valibot";

import { shorten } from "../../lib/shorten.ts";
import { expected, message, record, words } from "../../lib/strict-object.ts";
import { isFields, listOf, type Fields, type Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { MapNode } from "../compiled.ts";
import { MAX_PREFIX_CHARS, MAX_PREFIXES } from "../limits.ts";
import { keyText, matchedBy, readPathKey } from "../path-key.ts";
import { PrefixTable } from "../prefix.ts";
import { takesPrefixOff } from "../rewrite.ts";
import type { Policy } from "../schema.ts";
import type { Child, MapStrategy, Step } from "./definition.ts";

/** An exact path decides, or the longest prefix; values are policies. */
export interface PathMap extends Common {
  strategy: "path-map";
  paths?: Record<string, Policy>;
  default?: Policy;
}

/** Where each key leads: steps are made here once, and none for a request. */
export interface PathMapNode extends MapNode {
  readonly table: PrefixTable<Step>;
  /** By exact path; absent where no key is one. */
  readonly exact: ReadonlyMap<string, Step> | undefined;
  readonly fallThrough: Step | undefined;
}

function check(written: Fields, report: Report): void {
  const seen = new Map<string, string>();
  const paths = isFields(written["paths"]) ? Object.keys(written["paths"]) : [];
  for (const key of paths) {
    const read = readPathKey(key);
    if (read === undefined) {
      report(
        ["paths", key],
        message(
          () => `"${shorten(key)}" is not a path prefix, nor an exact path behind "="`,
          "begin it with a slash, and leave out query, fragment, spaces, empty first and dot segments",
        ),
      );
      continue;
    }
    const meant = keyText(read);
    if (key.length > MAX_PREFIX_CHARS)
      report(
        ["paths", key],
        message(() => `has more than ${MAX_PREFIX_CHARS} characters`, "shorten it"),
      );
    const twin = seen.get(meant) ?? (meant === "/" && "default" in written ? "default" : undefined);
    if (twin !== undefined)
      report(
        ["paths", key],
        message(
          () =>
            `"${shorten(key)}" means the same ${read.isExact ? "path" : "prefix"} as "${shorten(twin)}"`,
          "remove one of them",
        ),
      );
    seen.set(meant, key);
  }
  if (listOf(written["rules"]).length > 0) return;
  if (!("paths" in written))
    report(["paths"], message("is missing from this path-map", 'add "paths", or "rules"'));
  else if (!("default" in written) && paths.length === 0 && isFields(written["paths"]))
    report(
      ["paths"],
      message("maps nothing, and there is no default", 'add a prefix or "default"'),
    );
}

/** What a default adds to the default salt, and so does the key that means the same. */
const EVERY_PATH = "/";

/** What a key adds to the default salt. */
function segmentOf(key: string): string {
  const read = readPathKey(key);
  return read === undefined ? key : keyText(read);
}

function children(written: Fields): Child[] {
  const paths = isFields(written["paths"]) ? Object.entries(written["paths"]) : [];
  const all = paths.map(([key, value]) => ({
    steps: ["paths", key],
    value,
    prefix: key,
    segment: segmentOf(key),
  }));
  return "default" in written
    ? [...all, { steps: ["default"], value: written["default"], prefix: "", segment: EVERY_PATH }]
    : all;
}

/** The branch of just this path, or with the longest prefix that it lies under, or the default. */
export const pathMap: MapStrategy<PathMap, PathMapNode> = {
  kind: "map",
  title: words("path-map"),
  entries: (nested) => ({
    paths: v.exactOptional(
      v.pipe(
        record(
          v.string(),
          nested,
          expected(
            "be an object of prefixes and policies",
            'write {"/admin": "https://admin.example.com"}',
          ),
        ),
        v.check(
          (paths) => Object.keys(paths).length <= MAX_PREFIXES,
          message(
            () => `may hold ${MAX_PREFIXES} prefixes at most`,
            "give a tenant its own key, or nest",
          ),
        ),
      ),
    ),
    default: v.exactOptional(nested),
  }),
  check,
  origins: () => [],
  children,
  compile({ paths = {}, default: otherwise }, map, child, inherited) {
    const table = new PrefixTable<Step>();
    const exact = new Map<string, Step>();
    let fallThrough = otherwise;
    for (const [key, policy] of Object.entries(paths)) {
      const read = readPathKey(key);
      if (read === undefined)
        throw new RangeError(words(() => `the prefix "${key}" passed the check`));
      if (read.path === "") {
        fallThrough = policy;
        continue;
      }
      const own = typeof policy === "object" ? takesPrefixOff(policy) : undefined;
      const strip = own ?? takesPrefixOff(inherited) ?? false;
      const prefix = keyText(read);
      const matched = matchedBy(read);
      const step = {
        node: child(policy, prefix),
        prefix,
        matched,
        stripped: strip ? matched : "",
      };
      if (read.isExact) exact.set(read.path, step);
      else table.add(read.path, step);
    }
    return {
      ...map,
      table,
      exact: exact.size === 0 ? undefined : exact,
      fallThrough:
        fallThrough === undefined
          ? undefined
          : { node: child(fallThrough, EVERY_PATH), prefix: EVERY_PATH, matched: "", stripped: "" },
    };
  },
  step: ({ exact, table, fallThrough }, path) =>
    exact?.get(path) ?? table.find(path) ?? fallThrough,
  nodes: ({ table, exact, fallThrough }) =>
    [
      ...(fallThrough === undefined ? [] : [fallThrough]),
      ...(exact?.values() ?? []),
      ...table.values(),
    ].map(({ node }) => node),
};
