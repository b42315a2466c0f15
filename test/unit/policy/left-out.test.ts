import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

import { bot } from "../../../src/policy/conditions/bot.ts";
import { bot as botDocs } from "../../../src/policy/conditions/bot.docs.ts";
import { CONDITION_DOCS } from "../../../src/policy/conditions/docs.ts";
import { FIELD_DOCS } from "../../../src/policy/fields/docs.ts";
import { coverage } from "../../../src/policy/fields/coverage.ts";
import { coverage as coverageDocs } from "../../../src/policy/fields/coverage.docs.ts";
import { PREDICATE_DOCS } from "../../../src/policy/predicates/docs.ts";
import { prefix } from "../../../src/policy/predicates/prefix.ts";
import { canary } from "../../../src/policy/strategies/canary.ts";
import { canary as canaryDocs } from "../../../src/policy/strategies/canary.docs.ts";
import { STRATEGY_DOCS } from "../../../src/policy/strategies/docs.ts";
import { pathMap } from "../../../src/policy/strategies/path-map.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const POLICY = join(ROOT, "src/policy");

/** A whole object of ours, where it stands, and the type it is declared with. */
interface Subject {
  readonly of: object;
  readonly name: string;
  readonly file: string;
}

const SUBJECTS: readonly Subject[] = [
  { of: canary, name: "canary", file: "strategies/canary.ts" },
  { of: canaryDocs, name: "canary", file: "strategies/canary.docs.ts" },
  { of: canaryDocs.fields, name: "canary.fields", file: "strategies/canary.docs.ts" },
  { of: pathMap, name: "pathMap", file: "strategies/path-map.ts" },
  { of: STRATEGY_DOCS, name: "STRATEGY_DOCS", file: "strategies/docs.ts" },
  { of: bot, name: "bot", file: "conditions/bot.ts" },
  { of: botDocs, name: "bot", file: "conditions/bot.docs.ts" },
  { of: CONDITION_DOCS, name: "CONDITION_DOCS", file: "conditions/docs.ts" },
  { of: prefix, name: "prefix", file: "predicates/prefix.ts" },
  { of: PREDICATE_DOCS, name: "PREDICATE_DOCS", file: "predicates/docs.ts" },
  { of: coverage, name: "coverage", file: "fields/coverage.ts" },
  { of: coverageDocs, name: "coverage", file: "fields/coverage.docs.ts" },
  { of: FIELD_DOCS, name: "FIELD_DOCS", file: "fields/docs.ts" },
];

const CASES = SUBJECTS.flatMap(({ of, name, file }, number) =>
  Object.keys(of).map((part, index) => ({
    name,
    file,
    part,
    module: `case-${number}-${index}.ts`,
  })),
);

const folder = mkdtempSync(join(tmpdir(), "left-out-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A module that declares the object anew with all its parts but one. */
function leftOut(name: string, file: string, part: string): string {
  const [root = ""] = name.split(".");
  return [
    `import { ${root} } from ${JSON.stringify(join(POLICY, file))};`,
    `const { ${JSON.stringify(part)}: _left, ...rest } = ${name};`,
    `export const made: typeof ${name} = rest;`,
  ].join("\n");
}

/** What the compiler says of all cases, and of one object with nothing left out: one run for all. */
function compile(): string {
  for (const { name, file, part, module } of CASES)
    writeFileSync(join(folder, module), leftOut(name, file, part));
  writeFileSync(
    join(folder, "whole.ts"),
    `import { canary } from ${JSON.stringify(join(POLICY, "strategies/canary.ts"))};\nexport const made: typeof canary = { ...canary };\n`,
  );
  const settings = {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(ROOT, "node_modules/@types")], noUnusedLocals: false },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  return spawnSync(tsc, ["-p", folder, "--pretty", "false"], { encoding: "utf8", cwd: folder })
    .stdout;
}

const told = compile();

describe("a definition with a part left out does not compile:", () => {
  test.each(CASES)("$file $name without $part", ({ part, module }) => {
    const lines = told.split("\n").filter((line) => line.startsWith(module));
    expect(lines.join("\n").replaceAll('"', "")).toContain(`Property '${part}' is missing`);
  });

  test("and one with all of them does, as everything else here", () => {
    const modules = new Set(CASES.map(({ module }) => module));
    const others = told
      .split("\n")
      .filter((line) => line.includes("error TS") && !modules.has(line.split("(")[0] ?? ""));
    expect(others).toEqual([]);
  });
});
