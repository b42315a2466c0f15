import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { readOptions } from "../../../.ci/deploy/options.ts";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { blocksOf, page, ROOT } from "./markdown.ts";

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const PROGRAM = /^(?:npm run|npm ci|npx wrangler|sy|curl|git|printf|KEY=)/;

/** Whether a line of the shell is made of programs, scripts, commands, options and files that are there. */
function isThere(line: string): boolean {
  const [, script, rest] = /^npm run ([\w:]+)(?: -- (.*))?$/.exec(line) ?? [];
  if (script !== undefined && !Object.hasOwn(scripts, script)) return false;
  if (script === "deploy" && readOptions(rest?.split(" ") ?? []).kind !== "deploy") return false;
  const [, command] = /^sy ([\w-]+)/.exec(line) ?? [];
  if (command !== undefined && !Object.hasOwn(COMMANDS, command)) return false;
  const files = [...line.matchAll(/--config (\S+)/g)].map(([, file = ""]) => file);
  return PROGRAM.test(line) && files.every((file) => existsSync(join(ROOT, file)));
}

test.each(["docs/ten-minutes.md", "docs/day-two.md"])(
  "%s: what needs an account is made of commands, options and files that are there",
  (path) => {
    const lines = blocksOf(page(path), "sh account").flatMap(({ text }) => text.trim().split("\n"));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !isThere(line))).toEqual([]);
  },
);

test.each([
  "npm run deplo",
  "npm run deploy -- --bakc",
  "sy doctr --url URL",
  "npx wrangler delete --config wrangle.toml",
  "rm -rf /",
])("%s would be told", (line) => {
  expect(isThere(line)).toBe(false);
});
