import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startDemo, type Demo } from "../../support/demo.ts";
import { folder } from "../../unit/cli/shell.ts";
import { page } from "../../unit/docs/markdown.ts";
import { examplesIn, pathWithSy, typeAll } from "../cli/console.ts";

const PAGE = page("docs/guards.md");

/** A guard makes up its mind in seconds, on a busy machine in more of them. */
const ALL_MS = 240_000;

let demo: Demo;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  demo = await startDemo(["npm", "start", "--", "--port", "0"], { REPORT_INTERVAL_SECONDS: "1" });
  work = await folder();
});
afterAll(async () => {
  await demo?.stop();
  await work?.remove();
});

test(
  "whoever breaks the demo's canary sees its guard take it back",
  async () => {
    // The demo prints the command that the page spells out.
    expect(demo.printed()).toMatch(/\n {2}curl -X POST http:\/\/127\.0\.0\.1:\d+\/break\n/);
    const env = {
      SY_URL: demo.control,
      PATH: await pathWithSy(work.cwd),
      XDG_CONFIG_HOME: join(work.cwd, ".config"),
    };
    const examples = examplesIn(PAGE);
    expect(examples.length).toBeGreaterThanOrEqual(6);
    await typeAll(examples, { cwd: work.cwd, env });
  },
  ALL_MS,
);
