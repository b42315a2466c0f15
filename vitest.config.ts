import { accessSync, constants, statfsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";

import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

process.loadEnvFile(`${import.meta.dirname}/.tools.env`);

// Tests talk to nobody outside, and miniflare would hand every authority of this machine to each workerd.
delete process.env["NODE_EXTRA_CA_CERTS"];

/** Wrangler is 15 MB of JavaScript: whoever starts it, a lane or a child of a test, finds it compiled. */
process.env["NODE_COMPILE_CACHE"] ??= `${import.meta.dirname}/node_modules/.cache/node`;

/** Where everybody but workerd has temporary files: programs too, which memory may not let run. */
const TEMPORARY = { env: { TMPDIR: tmpdir() } };

/** Linux's folder in memory, and what must be free there (bytes): containers may have 64 MB of it. */
const IN_MEMORY = "/dev/shm";
const ENOUGH = 2 ** 30;

function hasMemoryFolder(): boolean {
  try {
    accessSync(IN_MEMORY, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH;
  } catch {
    return false;
  }
}

/**
 * The plugin lets workerd keep Durable Objects where this process has its temporary files, and each file's objects are
 * deleted before the next one: on a disk, seconds of waiting. The databases are the same files in memory.
 */
if (hasMemoryFolder()) process.env["TMPDIR"] = IN_MEMORY;

/** A test may need this long on a busy machine with two cores; those about speed say themselves what is too long. */
const LONG_MS = 180_000;

/** What is polled for may need this long (ms) on a busy machine; it is looked for all the time, so no test waits longer than it must. */
const POLL = { poll: { timeout: 60_000 } };

/** A look at a server, often through `sy`, takes processor time that others wait for: it rests as long as nobody notices (ms). */
const SERVER_POLL = { poll: { ...POLL.poll, interval: 200 } };

/** `npm run explore` multiplies the runs of each property, and so the time it may take. */
const runs = Math.max(1, Number(process.env["SY_RUNS"] ?? 1) || 1);

/** Vitest leaves one core to itself, of two one half; it has nothing to do there while tests run. */
const CORES = availableParallelism();

/**
 * Files of servers at work at a time: most of their time they wait, for a time-out, a child process, a
 * second of the Worker's memory. Three lanes for each core fill that time; more, and they would wait for each other.
 */
const LANES = CORES * 3;

/** Files of anything else at a time: some wait too, for a child process or for workerd, and one lane more fills that time. */
const OTHER_LANES = CORES + 1;

/** Minutes of lanes are in these alone. */
const LONGEST =
  /\/e2e\/(?:deploy\/account|cli\/measure|docs\/experiments|load\/heap|failures\/edits|protocol\/split)\.test\.ts$/;

/** Lanes end together where the longest files begin first: these do, behind those, until Vitest knows by itself how long each one takes. */
const LONG =
  /\/e2e\/(?:.*\/)?(?:failures\/fleet|docs\/experiments|measure|start|story|recipes|edits|import|split|guard\/guard|terminal|deploy\/[\w-]+|cli\/docs|visitor-key|commands|matrix|transfer|snapshot|heap|memory|apply)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = files.some(
      (file) => this.ctx.cache.getTestSpecificationResult(file) !== undefined,
    );
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's method, not an array's
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) =>
      [LONGEST, LONG, /$/].findIndex((pattern) => pattern.test(moduleId));
    return known ? sorted : sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * Node runs these tests' modules itself, as it runs the sources: it takes their types away. Vite's runner would read each
 * name that a module imports from an object whenever it is used, which makes what calculates a good deal slower.
 */
const NATIVE = { viteModuleRunner: false, nodeLoader: false };

/** Room for what they make and drop again (MB): in Node's own one, cleared more often, it takes a twentieth more of the processor's time. */
const ROOMY = ["--min-semi-space-size=16"];

/** Tests inside the control Worker; the others are inside the gateway. */
const CONTROL = ["test/workers/{control,hub,ledger}/**/*.test.ts"];

/** Stands in the place of the control Worker beside the gateway: a hub that never answers. Tests that need one pass their own. */
const NO_HUB = {
  name: "switchyard",
  modules: true,
  script: `
    import { WorkerEntrypoint } from "cloudflare:workers";
    export default {};
    export class HubReports extends WorkerEntrypoint {}
  `,
};

/** They measure memory and latency under load, so nothing else may run beside them. */
const ALONE = ["test/e2e/load/load.test.ts"];

/** Tests with nginx, Chromium and Prometheus. */
const TOOLS = ["cache", "browser", "metrics"].map((folder) => `test/e2e/${folder}/**/*.test.ts`);

/** The console in Chromium. */
const CONSOLE = ["test/e2e/console/**/*.test.ts"];

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // One group after another: servers would starve beside all the rest.
    projects: [
      {
        test: {
          name: "unit",
          ...TEMPORARY,
          expect: POLL,
          experimental: NATIVE,
          include: ["test/unit/**/*.test.ts"],
          execArgv: ROOMY,
          // What they share is pure: modules are loaded once for each lane, not once for each file.
          isolate: false,
          testTimeout: LONG_MS,
          maxWorkers: OTHER_LANES,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "property",
          ...TEMPORARY,
          expect: POLL,
          experimental: NATIVE,
          include: ["test/property/**/*.test.ts"],
          execArgv: ROOMY,
          isolate: false,
          maxWorkers: OTHER_LANES,
          testTimeout: LONG_MS * runs,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // The tests' origins are on loopback.
              bindings: { ALLOW_PRIVATE_ORIGINS: "true" },
              workers: [NO_HUB],
            },
          }),
        ],
        test: {
          name: "workers",
          expect: POLL,
          include: ["test/workers/**/*.test.ts"],
          exclude: CONTROL,
          // One workerd for each lane: to start one for each file takes longer than most files run.
          isolate: false,
          setupFiles: ["test/workers/afresh.ts"],
          testTimeout: LONG_MS,
          maxWorkers: OTHER_LANES,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./src/control/wrangler.toml" },
            miniflare: { bindings: { ALLOW_PRIVATE_ORIGINS: "true" } },
          }),
        ],
        test: {
          name: "control",
          expect: POLL,
          include: CONTROL,
          globalSetup: "test/support/console-build.ts",
          isolate: false,
          setupFiles: ["test/workers/afresh.ts"],
          testTimeout: LONG_MS,
          maxWorkers: OTHER_LANES,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "e2e",
          ...TEMPORARY,
          expect: SERVER_POLL,
          experimental: NATIVE,
          include: ["test/e2e/**/*.test.ts"],
          exclude: [...TOOLS, ...CONSOLE, ...ALONE],
          // One build of the Worker for all files.
          globalSetup: "test/support/worker-build.ts",
          // What starts gateways, wrangler, takes over a second to load: once for each lane, not for each file.
          isolate: false,
          testTimeout: LONG_MS,
          hookTimeout: LONG_MS,
          maxWorkers: LANES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "load",
          ...TEMPORARY,
          expect: SERVER_POLL,
          include: ALONE,
          globalSetup: "test/support/worker-build.ts",
          testTimeout: LONG_MS,
          hookTimeout: LONG_MS,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // What needs programs that no npm package brings: `.ci/run` installs them, `npm test` leaves these out.
        test: {
          name: "tools",
          ...TEMPORARY,
          expect: SERVER_POLL,
          include: TOOLS,
          globalSetup: "test/support/worker-build.ts",
          testTimeout: LONG_MS,
          hookTimeout: LONG_MS,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        // The same, in a browser that mostly waits for pages: a file for each core.
        test: {
          name: "tools-console",
          ...TEMPORARY,
          expect: SERVER_POLL,
          include: CONSOLE,
          globalSetup: "test/support/worker-build.ts",
          testTimeout: LONG_MS,
          hookTimeout: LONG_MS,
          maxWorkers: CORES,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
