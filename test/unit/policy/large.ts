import { join } from "../../../src/lib/issue.ts";
import { NODE_BYTES } from "../../../src/policy/limits.ts";
import { ORIGIN, pathMap, single, weighted } from "./judge.ts";

/** Large policies, made to a size of one kind. */

const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

const bot = { bot: true };

/** So many things, as many as one policy may have under each prefix. */
const inParts = (size: number, each: number, make: (count: number) => unknown): unknown =>
  pathMap({
    paths: Object.fromEntries(
      list(Math.ceil(size / each), (i) => [`/${i}`, make(Math.min(each, size - i * each))]),
    ),
  });

/** So many policies: most under prefixes, the rest behind rules. */
export function nodes(size: number): unknown {
  const [prefixes, holders] = [18_950, 50];
  const led = size - 1 - prefixes - holders;
  const holder = (index: number) => ({
    origin: ORIGIN,
    rules: list(Math.min(100, led - index * 100), () => ({ match: bot, policy: ORIGIN })),
  });
  return pathMap({
    paths: Object.fromEntries([
      ...list(prefixes, (i) => [`/p${i}`, ORIGIN] as const),
      ...list(holders, (i) => [`/r${i}`, holder(i)] as const),
    ]),
  });
}

export const variantsTogether = (size: number): unknown =>
  inParts(size, 64, (count) =>
    weighted({ variants: list(count, (i) => ({ name: `v${i}`, origin: ORIGIN, weight: 1 })) }),
  );

export const rulesTogether = (size: number): unknown =>
  inParts(size, 100, (count) =>
    single({ rules: list(count, () => ({ match: bot, variant: "origin" })) }),
  );

export const edits = (size: number): unknown =>
  single({ headers: { request: { remove: list(size, (i) => `x-${i}`) } } });

const LEAVES = 9900;
const [UPPER, MIDDLE] = [`/${"u".repeat(1999)}`, `/${"m".repeat(1999)}`];
const wayChars = UPPER.length + MIDDLE.length;

/** A policy whose nodes take so many bytes beside its text, by prefixes that stand in the way of many. */
export function heavy(size: number): unknown {
  const above = 3 * NODE_BYTES + UPPER.length + wayChars;
  const keys = size - above - LEAVES * (NODE_BYTES + wayChars);
  const [chars, more] = [Math.floor(keys / LEAVES), keys % LEAVES];
  const key = (i: number) => `/${i}-`.padEnd(chars + (i < more ? 1 : 0), "x");
  const leaves = Object.fromEntries(list(LEAVES, (i) => [key(i), ORIGIN]));
  return pathMap({
    paths: { [UPPER]: pathMap({ paths: { [MIDDLE]: pathMap({ paths: leaves }) } }) },
  });
}

/** Where the last of {@link heavy} stands. */
export function lastOfHeavy(size: number): string {
  const text = JSON.stringify(heavy(size));
  const last = /"(\/\d+-x*)":"[^"]*"\}/.exec(text.slice(-1000))?.[1] ?? "";
  return ["paths", UPPER, "paths", MIDDLE, "paths", last].reduce(join, "$");
}
