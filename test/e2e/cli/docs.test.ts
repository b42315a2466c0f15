import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { page } from "../../unit/docs/markdown.ts";
import { folder } from "../../unit/cli/shell.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { examplesIn, pathWithSy, typeAll } from "./console.ts";

const PAGE = page("docs/cli.md");
const README = page("README.md");
const ALL_MS = 240_000;

let work: Awaited<ReturnType<typeof folder>>;
let path: string;

beforeAll(async () => {
  work = await folder();
  path = await pathWithSy(work.cwd);
});
afterAll(async () => {
  await work.remove();
});

test.each([
  { from: PAGE, atLeast: 20 },
  { from: README, atLeast: 3 },
])(
  "every example of $from.path prints what the page says, one after another",
  async ({ from, atLeast }) => {
    const examples = examplesIn(from);
    expect(examples.length).toBeGreaterThanOrEqual(atLeast);
    const demo: Demo = await startDemo();
    try {
      const XDG_CONFIG_HOME = join(work.cwd, ".config");
      const env = { SY_URL: demo.control, PATH: path, XDG_CONFIG_HOME };
      await typeAll(examples, { cwd: work.cwd, env });
    } finally {
      await demo.stop();
    }
  },
  ALL_MS,
);

test("the page tells of every command", () => {
  const untold = Object.keys(COMMANDS).filter(
    (name) => !new RegExp(`(?:\\bsy |\`)${name}\\b`).test(PAGE.text),
  );
  expect(untold).toEqual([]);
});
