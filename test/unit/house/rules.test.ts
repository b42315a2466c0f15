import { beforeAll, describe, expect, test } from "vitest";

import { mayImport, ON_NODE, ON_WORKERD, pathIn, ROOMS } from "./arrows.ts";
import { type Finding, lint } from "./lint.ts";
import { IMPURE, TEST_VIOLATIONS, VIOLATIONS } from "./violations.ts";

/** One linter run over a few hundred small files, on a machine that may be busy. */
const LINT_MS = 60_000;

const PURE = ["lib", "policy", "decide", "preview", "report", "stats", "import"];
const DEPTHS = [0, 1];

const files = new Map<string, string>();
const add = (file: string, ...lines: string[]) => files.set(file, `${lines.join("\n")}\n`);

function probe(from: string, depth: number): string {
  return `src/${pathIn(from, depth, "probe")}`;
}

for (const room of ROOMS) add(`src/${pathIn(room, 0, "room")}`, "export const room = 1;");
for (const from of ROOMS) {
  for (const depth of DEPTHS) {
    const up = "../".repeat(probe(from, depth).split("/").length - 2) || "./";
    const imports = ROOMS.map((to) =>
      // A room that is one file cannot import itself; the line keeps the numbers of those below.
      `src/${pathIn(to, 0, "room")}` === probe(from, depth)
        ? "export const own = 1;"
        : `export * as ${to} from "${up}${pathIn(to, 0, "room")}";`,
    );
    add(
      probe(from, depth),
      ...imports,
      'export * as n from "node:path";',
      'export * as w from "cloudflare:workers";',
    );
  }
}
for (const room of PURE) {
  add(
    `src/${room}/bare.ts`,
    ...IMPURE.map((name, at) => `export const g${at}: unknown = ${name};`),
  );
  add(
    `src/${room}/global.ts`,
    ...IMPURE.map((name, at) => `export const g${at}: unknown = globalThis.${name};`),
  );
  add(`src/${room}/draw.ts`, "export const draw = Math.random();");
}
add("src/gateway/shape.ts", "export interface Shape {", "  readonly size: number;", "}");
add("src/gateway/one.ts", 'export { two } from "./two.ts";', "export const one = 1;");
add("src/gateway/two.ts", 'export { one } from "./one.ts";', "export const two = 2;");

const broken = [
  ...Object.entries(VIOLATIONS).map(([rule, text], at) => ({
    rule,
    text,
    file: `src/gateway/v${at}.ts`,
  })),
  ...Object.entries(TEST_VIOLATIONS).map(([rule, text], at) => ({
    rule,
    text,
    file: `test/unit/v${at}.test.ts`,
  })),
];
for (const { file, text } of broken) add(file, text);

let findings: Finding[] = [];
beforeAll(() => {
  findings = lint(files);
}, LINT_MS);

function rulesIn(file: string): string[] {
  return findings.filter((found) => found.file === file).map((found) => found.rule);
}

/** The lines of a file where a rule spoke, in order. */
function linesOf(file: string, rule: string): number[] {
  return findings
    .filter((found) => found.file === file && found.rule === rule)
    .map((found) => found.line)
    .toSorted((a, b) => a - b);
}

describe("a rule speaks where it is broken", () => {
  test.for(broken)("$rule", ({ rule, file }) => {
    expect(rulesIn(file)).toEqual([rule]);
  });

  test("import(no-cycle)", () => {
    expect(rulesIn("src/gateway/one.ts")).toEqual(["import(no-cycle)"]);
    expect(rulesIn("src/gateway/two.ts")).toEqual(["import(no-cycle)"]);
  });
});

describe("layers: the linter refuses every arrow that is not drawn, and no other", () => {
  test.for(ROOMS.flatMap((from) => DEPTHS.map((depth) => ({ from, depth }))))(
    "$from, $depth folders down",
    ({ from, depth }) => {
      const allowed = [
        ...ROOMS.map((to) => mayImport(from, to)),
        ON_NODE.has(from),
        ON_WORKERD.has(from) || ON_NODE.has(from),
      ];
      const refused = allowed.flatMap((allow, at) => (allow ? [] : [at + 1]));
      expect(linesOf(probe(from, depth), "eslint(no-restricted-imports)")).toEqual(refused);
    },
  );
});

describe.for(PURE)("purity of %s", (room) => {
  const every = IMPURE.map((_, at) => at + 1);

  test("no global of a platform, by its name or through globalThis", () => {
    expect(linesOf(`src/${room}/bare.ts`, "eslint(no-restricted-globals)")).toEqual(every);
    expect(linesOf(`src/${room}/global.ts`, "eslint(no-restricted-globals)")).toEqual(every);
  });

  test("no draw of its own", () => {
    expect(rulesIn(`src/${room}/draw.ts`)).toEqual(["eslint(no-restricted-properties)"]);
  });
});
