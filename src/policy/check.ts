import { isPrivateHost } from "./address.ts";
import { join, type Issue } from "../lib/issue.ts";
import { MAX_DEPTH } from "./limits.ts";
import { nearest } from "../lib/nearest.ts";
import { normalPrefix } from "../lib/path.ts";

/** What the gateway that will serve the policy allows. */
export interface CheckOptions {
  /** Loopback and private addresses as origins: local development only. */
  readonly allowPrivateOrigins: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

interface Place {
  readonly path: string;
  readonly depth: number;
  /** Where an inherited `bots` was written, and what it says. */
  readonly bots: { readonly path: string; readonly name: string } | undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The rules between fields, over a value whose shape may be wrong in other places: both kinds of
 * issue are then told at once, and nobody mends a policy in two rounds.
 */
export function check(value: unknown, options: CheckOptions): Issue[] {
  const issues: Issue[] = [];
  const add = (path: string, message: string, fix: string): void =>
    void issues.push({ path, message, fix });

  function visitOrigin(origin: unknown, path: string): void {
    const inObject = isFields(origin);
    const text = inObject ? origin["url"] : origin;
    if (typeof text !== "string" || options.allowPrivateOrigins) return;
    const url = URL.parse(text);
    if (url === null || !isPrivateHost(url.hostname)) return;
    add(
      inObject ? join(path, "url") : path,
      `the origin "${url.host}" is a private, loopback, link-local or metadata address`,
      'use a public host name; for local development set the var ALLOW_PRIVATE_ORIGINS to "true"',
    );
  }

  function visitRules(
    policy: Fields,
    place: Place,
    variants: readonly string[] | undefined,
    children: Place,
  ): void {
    for (const [index, rule] of listOf(policy["rules"]).entries()) {
      if (!isFields(rule)) continue;
      const path = join(join(place.path, "rules"), index);
      if ("policy" in rule) visit(rule["policy"], { ...children, path: join(path, "policy") });
      if (typeof rule["variant"] !== "string") continue;
      if (variants === undefined) {
        add(
          join(path, "variant"),
          "a path-map has no variants: its rules lead to policies",
          'write "policy" instead of "variant"',
        );
      } else {
        needVariant(rule["variant"], variants, join(path, "variant"));
      }
    }
  }

  function needVariant(name: string, variants: readonly string[], path: string): void {
    if (variants.includes(name)) return;
    const near = nearest(name, variants);
    add(
      path,
      `"${name}" is not a variant of this policy`,
      near === undefined ? `use one of: ${variants.join(", ")}` : `did you mean "${near}"?`,
    );
  }

  function visitPathMap(policy: Fields, place: Place): void {
    const children = { ...place, depth: place.depth + 1 };
    visitRules(policy, place, undefined, children);
    const seen = new Map<string, string>();
    const paths = isFields(policy["paths"]) ? policy["paths"] : {};
    for (const [key, child] of Object.entries(paths)) {
      const path = join(join(place.path, "paths"), key);
      visit(child, { ...children, path });
      const prefix = normalPrefix(key);
      if (prefix === undefined) {
        add(
          path,
          `"${key}" is not a path prefix`,
          "begin it with a slash, and leave out query, fragment, spaces, empty first and dot segments",
        );
        continue;
      }
      const twin =
        seen.get(prefix) ?? (prefix === "" && "default" in policy ? "default" : undefined);
      if (twin !== undefined)
        add(path, `"${key}" means the same prefix as "${twin}"`, "remove one of them");
      seen.set(prefix, key);
    }
    if ("default" in policy)
      visit(policy["default"], { ...children, path: join(place.path, "default") });
    else if (Object.keys(paths).length === 0 && isFields(policy["paths"])) {
      add(
        join(place.path, "paths"),
        "maps nothing, and there is no default",
        'add a prefix or "default"',
      );
    }
  }

  function visitSplit(
    policy: Fields,
    place: Place,
    variants: readonly string[],
    inherited: Place["bots"],
  ): void {
    // Only path-maps hand fields down: a rule's policy has what its split has inherited, not what it says itself.
    visitRules(policy, place, variants, { ...place, depth: place.depth + 1, bots: inherited });
    if (typeof policy["force"] === "string")
      needVariant(policy["force"], variants, join(place.path, "force"));
    // A single policy under a path-map has one answer for everybody: an inherited "bots" changes nothing there.
    const isSingle = variants.length === 1 && variants[0] === "origin";
    const own = typeof policy["bots"] === "string";
    if (place.bots !== undefined && place.bots.name !== "split" && (own || !isSingle)) {
      needVariant(place.bots.name, variants, place.bots.path);
    }
  }

  function visit(policy: unknown, place: Place): void {
    if (place.depth > MAX_DEPTH) {
      add(
        place.path,
        `policies stand more than ${MAX_DEPTH} deep here`,
        "join path-maps, or give a part its own key",
      );
      return;
    }
    if (typeof policy === "string") return visitOrigin(policy, place.path);
    if (!isFields(policy)) return;
    const path = place.path;
    const bots =
      typeof policy["bots"] === "string"
        ? { path: join(path, "bots"), name: policy["bots"] }
        : place.bots;
    const here = { ...place, bots };
    for (const field of ["origin", "stable", "canary", "blue", "green", "fallback"])
      visitOrigin(policy[field], join(path, field));
    if (isFields(policy["mirror"]))
      visitOrigin(policy["mirror"]["origin"], join(join(path, "mirror"), "origin"));
    visitHeaders(policy["headers"], join(path, "headers"));
    switch (policy["strategy"]) {
      case "path-map":
        return visitPathMap(policy, here);
      case "weighted":
        visitWeights(policy, path);
        return visitSplit(policy, here, variantNames(policy), place.bots);
      case "canary":
        visitCanary(policy, path);
        return visitSplit(policy, here, ["stable", "canary"], place.bots);
      case "blue-green":
        return visitSplit(policy, here, ["blue", "green"], place.bots);
      default:
        return visitSplit(policy, here, ["origin"], place.bots);
    }
  }

  function visitWeights(policy: Fields, path: string): void {
    const variants = listOf(policy["variants"]);
    const seen = new Set<string>();
    let sum = 0;
    for (const [index, variant] of variants.entries()) {
      if (!isFields(variant)) continue;
      const at = join(join(path, "variants"), index);
      visitOrigin(variant["origin"], join(at, "origin"));
      visitHeaders(variant["headers"], join(at, "headers"));
      if (typeof variant["weight"] === "number") sum += variant["weight"];
      const name = variant["name"];
      if (typeof name !== "string") continue;
      if (seen.has(name))
        add(
          join(at, "name"),
          `the name "${name}" is taken by another variant`,
          "give each variant its own name",
        );
      seen.add(name);
    }
    if (variants.length > 0 && sum === 0) {
      add(
        join(path, "variants"),
        "the weights sum to 0, so nobody could be served",
        "give one variant a weight above 0",
      );
    }
  }

  function visitCanary(policy: Fields, path: string): void {
    if ("percent" in policy && "ramp" in policy) {
      add(
        join(path, "ramp"),
        '"percent" and "ramp" both say how many visitors the canary gets',
        "keep one of them",
      );
    } else if (!("percent" in policy) && !("ramp" in policy)) {
      add(path, 'the canary has neither "percent" nor "ramp"', 'add for example "percent": 5');
    }
    const steps = isFields(policy["ramp"]) ? listOf(policy["ramp"]["steps"]) : [];
    let before = 0;
    for (const [index, step] of steps.entries()) {
      if (!isFields(step)) continue;
      const at = join(join(join(path, "ramp"), "steps"), index);
      if (index < steps.length - 1 && !("holdSeconds" in step)) {
        add(
          join(at, "holdSeconds"),
          "is missing: only the last step lasts for ever",
          'add for example "holdSeconds": 1800',
        );
      }
      if (typeof step["percent"] !== "number") continue;
      if (step["percent"] < before) {
        add(
          join(at, "percent"),
          `falls from ${before} to ${step["percent"]}: a ramp only rises`,
          "put the steps in rising order",
        );
      }
      before = step["percent"];
    }
  }

  function visitHeaders(headers: unknown, path: string): void {
    if (!isFields(headers)) return;
    for (const side of ["request", "response"]) {
      const changes = headers[side];
      if (!isFields(changes)) continue;
      for (const kind of ["set", "add"]) {
        const seen = new Set<string>();
        for (const name of Object.keys(isFields(changes[kind]) ? changes[kind] : {})) {
          if (seen.has(name.toLowerCase())) {
            add(
              join(join(join(path, side), kind), name),
              `"${name}" stands there twice, in another case`,
              "remove one of them",
            );
          }
          seen.add(name.toLowerCase());
        }
      }
    }
  }

  visit(value, { path: "$", depth: 1, bots: undefined });
  return issues;
}

function variantNames(policy: Fields): string[] {
  return listOf(policy["variants"]).flatMap((variant) =>
    isFields(variant) && typeof variant["name"] === "string" ? [variant["name"]] : [],
  );
}
