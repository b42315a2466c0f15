import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { startTraffic } from "../../../src/demo/traffic/traffic.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { folder } from "../../unit/cli/shell.ts";
import { page } from "../../unit/docs/markdown.ts";
import { examplesIn, pathWithSy, typeAll } from "../cli/console.ts";

const PAGE = page("docs/experiments.md");

/** The verdict comes at some time: on a busy machine, with luck against it. */
const ALL_MS = 420_000;

/** Whom the visitors of this test see, instead of those of the demo, who go everywhere: what the page is about. */
const VISITED = ["ab.localhost", "ab.localhost", "canary.localhost"];

/** A page so bold that a few hundred visitors are enough for a verdict. */
const BUYS = { bold: 0.4 };

let demo: Demo;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  demo = await startDemo(undefined, { REPORT_INTERVAL_SECONDS: "1" });
  work = await folder();
});
afterAll(async () => {
  await demo?.stop();
  await work?.remove();
});

test(
  "whoever follows the guide on the demo sees what it says, to a verdict and beyond",
  async () => {
    const examples = examplesIn(PAGE);
    expect(examples.length).toBeGreaterThan(10);
    const env = {
      SY_URL: demo.control,
      PATH: await pathWithSy(work.cwd),
      XDG_CONFIG_HOME: join(work.cwd, ".config"),
    };
    const told: string[] = [];
    const traffic = startTraffic({
      port: demo.port,
      keys: VISITED,
      buys: BUYS,
      seed: 2,
      tell: (line) => told.push(line),
    });
    try {
      await typeAll(examples, { cwd: work.cwd, env });
    } finally {
      traffic.stop();
    }
    expect(told).toEqual([]);
  },
  ALL_MS,
);
