import { LANGUAGE, strategyOf, type Language } from "../policy/language.ts";
import { matchedBy, readPathKey } from "../policy/path-key.ts";
import { takesPrefixOff } from "../policy/rewrite.ts";
import type { Policy } from "../policy/schema.ts";
import type { Written } from "../policy/strategies/definition.ts";
import { ofUrl } from "../policy/strategies/single.ts";

interface Level {
  /** What path-maps above take off before this one sees the path. */
  readonly stripped: string;
  /** The whole path that leads here. */
  readonly path: string;
  /** What path-maps above say that holds here too, as a number: texts would grow with each level and branch. */
  readonly above: number;
  /** Whether path-maps above take prefixes off. */
  readonly strips: boolean;
}

/** Numbers for texts: the same for the same text. */
class Numbers {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    let number = this.#known.get(text);
    if (number === undefined) this.#known.set(text, (number = this.#known.size + 1));
    return number;
  }
}

interface Whole {
  readonly numbers: Numbers;
  readonly language: Language;
}

/** A path under a prefix that no exact key of the same map takes, the plainest of a few. */
function pathUnder(prefix: string, exact: ReadonlySet<string>): string {
  const folder = prefix.replace(/\/?$/, "/");
  const plain = prefix === "" ? "/" : prefix;
  return [plain, folder, `${folder}-`].find((path) => !exact.has(path)) ?? plain;
}

function walk(policy: Policy, level: Level, found: Map<string, string>, whole: Whole): void {
  const { numbers, language } = whole;
  const written: Written = typeof policy === "string" ? ofUrl(policy) : policy;
  const definition = strategyOf(written, language)?.definition;
  const children = definition?.kind === "map" ? definition.children({ ...written }) : [];
  // A map of rules alone has no branch: what it says stands for all of it.
  if (children.length === 0) {
    found.set(level.path, `${level.above} ${JSON.stringify(policy)}`);
    return;
  }
  const held = new Set(children.map(({ steps: [field] }) => field));
  const own = Object.entries(written).filter(([field]) => !held.has(field));
  const above = numbers.of(`${level.above} ${JSON.stringify(own)}`);
  const inherited = takesPrefixOff(written) ?? level.strips;
  const keys = children.map(({ prefix }) => readPathKey(prefix));
  const exact = new Set(
    keys.flatMap((key) => (key?.isExact === true ? [level.stripped + key.path] : [])),
  );
  for (const [index, { value, prefix: key }] of children.entries()) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands inside a policy that passed the schema is one too
    const child = value as Policy;
    const read = keys[index];
    const path = level.stripped + (read === undefined ? "" : matchedBy(read));
    const strips =
      key !== "" && ((typeof child === "object" ? takesPrefixOff(child) : undefined) ?? inherited);
    const here =
      read?.isExact === true
        ? level.stripped + read.path
        : pathUnder(key === "" ? level.path : path, exact);
    const below = { path: here, above, strips: inherited };
    walk(child, { ...below, stripped: strips ? path : level.stripped }, found, whole);
  }
}

/** One path for each branch of a policy, with a text that changes when what serves it may change. */
export function branchesOf(
  policy: Policy,
  language: Language = LANGUAGE,
  numbers: Numbers = new Numbers(),
): Map<string, string> {
  const found = new Map<string, string>();
  const level = { stripped: "", path: "/", above: 0, strips: false };
  walk(policy, level, found, { numbers, language });
  return found;
}

/** The paths whose branch differs between two policies, in order; all of them where one policy is absent. */
export function changedPaths(before: Policy | undefined, after: Policy | undefined): string[] {
  const numbers = new Numbers();
  const branches = (policy: Policy | undefined) =>
    policy === undefined ? new Map<string, string>() : branchesOf(policy, LANGUAGE, numbers);
  const [from, to] = [branches(before), branches(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path) !== to.get(path))
    .toSorted();
}
