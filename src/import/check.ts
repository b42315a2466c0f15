import type { Issue } from "../lib/issue.ts";
import { MAX_RULES, MAX_TEXT_CHARS } from "../policy/limits.ts";
import { parseValue } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import { arrange, matchOf, type Arranged } from "./arrange.ts";
import { messageOf, placeOf, tellIssues } from "./draft.ts";
import type { Entry } from "./entry.ts";

/** Which addresses are allowed only the gateway knows that will serve the policy. */
const OPTIONS = { allowPrivateOrigins: true } as const;

/** Stands for the policy of an entry where only its match is looked at. */
const ANYWHERE = "https://origin.example";

function issuesOf(policy: unknown): readonly Issue[] {
  const parsed = parseValue(policy, OPTIONS);
  return parsed.ok ? [] : parsed.issues;
}

/** Tells what the policy language has against entries that share one policy: of the policy once, of each match for itself. */
export function checkEntries(entries: readonly Entry[]): void {
  for (const [index, entry] of entries.entries()) {
    const policy = index === 0 ? entry.policy : ANYWHERE;
    const rule = { name: "rule", match: matchOf(entry), policy };
    const issues = issuesOf({ strategy: "path-map", rules: [rule] });
    const left = tellIssues(issues, "$.rules[0].policy", entry.trail);
    for (const issue of tellIssues(left, "$.rules[0].match", entry.matchTrail))
      entry.place.error(messageOf(issue));
  }
}

function tellAll(entries: readonly Entry[], message: string): void {
  for (const rules of new Set(entries.map((one) => one.rules))) rules.error(message);
}

/** Tells what is wrong with the policy of a key as a whole, at the entries that it comes from. */
function tellWhole(
  issues: readonly Issue[],
  { standing }: Arranged,
  entries: readonly Entry[],
): void {
  for (const issue of issues) {
    const [prefix, entry] = holderOf(issue.path, standing) ?? [];
    if (entry === undefined || prefix === undefined) {
      tellAll(entries, messageOf(issue));
      continue;
    }
    const inner = issue.path.slice(prefix.length);
    const inPolicy = prefix.startsWith("$.rules") ? inner.replace(/^\.policy/, "") : inner;
    const place =
      inPolicy === inner && prefix.startsWith("$.rules")
        ? entry.place
        : placeOf(`$${inPolicy}`, entry.trail);
    (place ?? entry.place).error(messageOf(issue));
  }
}

/** The entry that a JSON path lies in. */
function holderOf(
  path: string,
  standing: ReadonlyMap<string, Entry>,
): readonly [string, Entry] | undefined {
  const [prefix = "$"] =
    /^\$(?:\.rules\[\d+\]|\.paths\["(?:[^"\\]|\\.)*"\]|\.default)/.exec(path) ?? [];
  const entry = standing.get(prefix) ?? standing.get("$");
  return entry === undefined ? undefined : [standing.has(prefix) ? prefix : "$", entry];
}

/** The policy of one key, made of its entries in order of precedence; `undefined` where it cannot be said, which is then told at the entries. */
export function policyOf(entries: readonly Entry[]): Policy | undefined {
  const arranged = arrange(entries);
  if (arranged.rules > MAX_RULES) {
    tellAll(
      entries,
      `together with the others of this host they make ${arranged.rules} rules, of ${MAX_RULES} allowed; only exact paths and prefixes without other conditions may be more`,
    );
    return undefined;
  }
  if (arranged.chars > MAX_TEXT_CHARS) {
    tellAll(entries, `the policy would have more than ${MAX_TEXT_CHARS} characters`);
    return undefined;
  }
  const parsed = parseValue(arranged.policy, OPTIONS);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has passed the schema, whose own copy has another order of fields
  if (parsed.ok) return arranged.policy as Policy;
  tellWhole(parsed.issues, arranged, entries);
  return undefined;
}
