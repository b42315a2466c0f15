import * as v from "valibot";

import { normalPrefix } from "../../lib/path.ts";
import { shorten } from "../../lib/shorten.ts";
import { expected, message, record } from "../../lib/strict-object.ts";
import { isFields, listOf, type Fields, type Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { MapNode, Node } from "../compiled.ts";
import { MAX_PREFIX_CHARS, MAX_PREFIXES } from "../limits.ts";
import { PrefixTable } from "../prefix.ts";
import type { Policy } from "../schema.ts";
import type { Child, MapStrategy } from "./definition.ts";

/** Longest prefix decides; values are policies. */
export interface PathMap extends Common {
  strategy: "path-map";
  paths?: Record<string, Policy>;
  default?: Policy;
}

/** What stands under a prefix, and whether that prefix is taken off before forwarding. */
interface Branch {
  readonly node: Node;
  readonly strip: boolean;
}

export interface PathMapNode extends MapNode {
  readonly table: PrefixTable<Branch>;
  readonly fallThrough: Node | undefined;
}

function check(written: Fields, report: Report): void {
  const seen = new Map<string, string>();
  const paths = isFields(written["paths"]) ? Object.keys(written["paths"]) : [];
  for (const key of paths) {
    const prefix = normalPrefix(key);
    if (prefix === undefined) {
      report(
        ["paths", key],
        `"${shorten(key)}" is not a path prefix`,
        "begin it with a slash, and leave out query, fragment, spaces, empty first and dot segments",
      );
      continue;
    }
    if (key.length > MAX_PREFIX_CHARS)
      report(["paths", key], `has more than ${MAX_PREFIX_CHARS} characters`, "shorten it");
    const twin =
      seen.get(prefix) ?? (prefix === "" && "default" in written ? "default" : undefined);
    if (twin !== undefined)
      report(
        ["paths", key],
        `"${shorten(key)}" means the same prefix as "${shorten(twin)}"`,
        "remove one of them",
      );
    seen.set(prefix, key);
  }
  if (listOf(written["rules"]).length > 0) return;
  if (!("paths" in written))
    report(["paths"], "is missing from this path-map", 'add "paths", or "rules"');
  else if (!("default" in written) && paths.length === 0 && isFields(written["paths"]))
    report(["paths"], "maps nothing, and there is no default", 'add a prefix or "default"');
}

/** What a prefix in normal form adds to the default salt. */
const segmentOf = (prefix: string): string => (prefix === "" ? "/" : prefix);

function children(written: Fields): Child[] {
  const paths = isFields(written["paths"]) ? Object.entries(written["paths"]) : [];
  const all = paths.map(([key, value]) => ({
    steps: ["paths", key],
    value,
    prefix: key,
    segment: segmentOf(normalPrefix(key) ?? key),
  }));
  return "default" in written
    ? [
        ...all,
        { steps: ["default"], value: written["default"], prefix: "", segment: segmentOf("") },
      ]
    : all;
}

/** The branch with the longest prefix that the path lies under, or the default. */
export const pathMap: MapStrategy<PathMap, PathMapNode> = {
  kind: "map",
  title: "path-map",
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
            `may hold ${MAX_PREFIXES} prefixes at most`,
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
    const table = new PrefixTable<Branch>();
    let fallThrough = otherwise;
    for (const [key, policy] of Object.entries(paths)) {
      const prefix = normalPrefix(key);
      if (prefix === undefined) throw new RangeError(`the prefix "${key}" passed the check`);
      if (prefix === "") {
        fallThrough = policy;
        continue;
      }
      const own = typeof policy === "object" ? policy.stripPrefix : undefined;
      const strip = own ?? inherited.stripPrefix ?? false;
      table.add(prefix, { node: child(policy, segmentOf(prefix)), strip });
    }
    return {
      ...map,
      table,
      fallThrough: fallThrough === undefined ? undefined : child(fallThrough, segmentOf("")),
    };
  },
  step(node, path) {
    const found = node.table.find(path);
    if (found === undefined)
      return node.fallThrough && { node: node.fallThrough, prefix: "/", matched: "", stripped: "" };
    const { prefix, value } = found;
    return { node: value.node, prefix, matched: prefix, stripped: value.strip ? prefix : "" };
  },
  nodes: ({ table, fallThrough }) => [
    ...(fallThrough === undefined ? [] : [fallThrough]),
    ...[...table.values()].map(({ node }) => node),
  ],
};
