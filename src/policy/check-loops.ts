import { message } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";
import { isFields, listOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf, type PolicyChild } from "./children.ts";
import { compilePath } from "./conditions/path.ts";
import { strategyOf, type Language } from "./language.ts";
import { keyText, readPathKey } from "./path-key.ts";
import type { ConditionInput } from "./predicates/condition.ts";

/** Rules that are looked at for one policy: what is not looked at is judged as if it could catch any request. */
const MAX_LOOKS = 1000;

/** Whether every request for a path comes to a policy; false too where more than the path decides. */
type Leads = (path: string) => boolean;

const never: Leads = () => false;

const textOf = (key: string): string => keyText(readPathKey(key) ?? { path: "", isExact: false });

/** The key of a map that takes a path; that of every path where no other does. */
function takenBy(keys: ReadonlySet<string>, path: string): string {
  if (keys.has(`=${path}`)) return `=${path}`;
  let end = path.length;
  while (end > 0 && !keys.has(path.slice(0, end))) end = path.lastIndexOf("/", end - 1);
  return end > 0 ? path.slice(0, end) : "/";
}

/**
 * Redirects to a path that leads straight back to them, as far as paths alone tell: one that hangs on
 * more, on a cookie that it sets itself say, is judged when a request comes. Expects a policy that has
 * passed its schema.
 */
export function checkLoops(policy: unknown, language: Language): Issue[] {
  const issues: Issue[] = [];
  let looks = 0;

  function mayFit(rule: unknown, path: string): boolean {
    const match = isFields(rule) ? rule["match"] : undefined;
    if (!isFields(match) || !("path" in match)) return true;
    looks += 1;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has passed the schema
    return looks > MAX_LOOKS || compilePath(match["path"] as ConditionInput).one(path);
  }

  function leadsOn(written: Fields, keys: () => ReadonlySet<string>, child: PolicyChild): Leads {
    const rules = listOf(written["rules"]);
    const [field, index] = child.steps;
    if (field !== "rules")
      return (path) =>
        takenBy(keys(), path) === textOf(child.prefix) && !rules.some((rule) => mayFit(rule, path));
    const own = rules[Number(index)];
    const match = isFields(own) && isFields(own["match"]) ? own["match"] : {};
    if (Object.keys(match).join() !== "path") return never;
    const earlier = rules.slice(0, Number(index));
    return (path) => mayFit(own, path) && !earlier.some((rule) => mayFit(rule, path));
  }

  function visit(written: Fields, site: Site, leads: Leads): void {
    const definition = strategyOf(written, language)?.definition;
    // Behind a split more than the path decides.
    if (definition === undefined || definition.kind === "leaf") return;
    if (definition.kind === "end" && listOf(written["rules"]).length === 0) {
      const ending = definition.ending({ ...written });
      if (ending.do !== "redirect") return;
      const { scheme, host, port, path, prefix } = ending.to;
      const field = path === undefined ? "prefix" : "path";
      if ((scheme ?? host ?? port) === undefined && leads(path ?? (prefix || "/")))
        reportAt(issues, site)(
          [field],
          message(
            () => `"${field}" leads straight back to this redirect`,
            "name another path, or give that path a policy of its own ahead of this one",
          ),
        );
    }
    const children = [...childrenOf(written, language)];
    let known: Set<string> | undefined;
    const keys = () => (known ??= new Set(children.map(({ prefix }) => textOf(prefix))));
    // Below a prefix that is taken off, paths are others.
    const isPlain = !("stripPrefix" in written || "rewrite" in written);
    for (const child of children) {
      if (!isFields(child.value)) continue;
      const on = isPlain ? leadsOn(written, keys, child) : never;
      visit(child.value, siteOf(site, child.steps), (path) => leads(path) && on(path));
    }
  }

  if (isFields(policy)) visit(policy, siteOf(undefined, []), () => true);
  return issues;
}
