import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { page } from "../../unit/docs/markdown.ts";
import { folder } from "../../unit/cli/shell.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { examplesIn, pathWithSy, typeAll } from "./console.ts";

const PAGE = page("docs/cli.md");
const ALL_MS = 240_000;

let work: Awaited<ReturnType<typeof folder>>;
let demo: Demo;

beforeAll(async () => {
  [work, demo] = await Promise.all([folder(), startDemo()]);
});
afterAll(async () => {
  await Promise.all([demo?.stop(), work?.remove()]);
});

test(
  "every example of docs/cli.md prints what the page says, one after another",
  async () => {
    const examples = examplesIn(PAGE);
    expect(examples.length).toBeGreaterThanOrEqual(20);
    const env = {
      SY_URL: demo.control,
      PATH: await pathWithSy(work.cwd),
      XDG_CONFIG_HOME: join(work.cwd, ".config"),
    };
    await typeAll(examples, { cwd: work.cwd, env });
  },
  ALL_MS,
);

test("the page tells of every command", () => {
  const untold = Object.keys(COMMANDS).filter(
    (name) => !new RegExp(`(?:\\bsy |\`)${name}\\b`).test(PAGE.text),
  );
  expect(untold).toEqual([]);
});
