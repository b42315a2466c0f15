import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { bucket, SEED } from "../../../src/lib/hash.ts";
import type { TestFleet } from "../../support/gateway.ts";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { sy, type Outcome } from "../../unit/cli/shell.ts";
import { startWithApi, TOKENS } from "./gateway.ts";
import { startTraffic } from "./traffic.ts";

const HOST = "story.localhost";
const STORY_MS = 180_000;

/** Past this (ms) the gateway does not serve what KV has; its memory lasts a second. */
const SETTLE_MS = 30_000;
/** Between two looks at what is served (ms). */
const LOOK_MS = 50;
/** Requests that each step must meet once it has settled: every visitor comes by. */
const STEADY = 80;

let fleet: TestFleet;
let origins: Origin[];
let work: string;

beforeAll(async () => {
  origins = await Promise.all(["stable", "canary"].map(async (name) => startOrigin(name)));
  const [stable, canary] = origins.map(({ url }) => url);
  const before = { strategy: "canary", stable, canary, percent: 5 };
  fleet = await startWithApi(
    { "canary.localhost": before },
    {
      vars: { MEMORY_TTL_SECONDS: "1" },
      secrets: { VISITOR_KEY: "00112233445566778899aabbccddeeff" },
    },
  );
  work = await mkdtemp(join(tmpdir(), "sy-story-"));
});
afterAll(async () => {
  await fleet?.close();
  await Promise.all((origins ?? []).map(async (origin) => origin.close()));
  await rm(work, { recursive: true, force: true });
});

const type = async (...args: string[]): Promise<Outcome> =>
  sy(
    { cwd: work, env: { SY_URL: fleet.control.url, SY_TOKEN: TOKENS.write }, now: Date.now },
    ...args,
  );

async function typeWell(...args: string[]): Promise<string> {
  const outcome = await type(...args);
  expect({ args, ...outcome }).toMatchObject({ args, code: 0 });
  return outcome.out;
}

/** The version of the policy that the gateway serves. Asked often, it refreshes its memory as visitors make it. */
const servedVersion = async (): Promise<string | undefined> =>
  (await visit(fleet.url, { host: HOST })).header("x-policy-version");

/** Percent of visitors in the canary, from when it may be seen and from when it must be. */
interface Phase {
  readonly percent: number;
  readonly from: number;
  readonly settled: number;
}

test(
  "from nothing to a canary promoted, paused, resumed, aborted and rolled back, with traffic all the while",
  async () => {
    await typeWell("init", work);
    const policies = join(work, "policies");
    await rm(join(policies, "shop.example.com.yaml"));
    const { stable, canary } = JSON.parse(await typeWell("get", "canary.localhost")) as Record<
      string,
      string
    >;
    await writeFile(
      join(policies, `${HOST}.yaml`),
      `strategy: canary
stable: ${stable}
canary: ${canary}
ramp:
  startAt: ${new Date().toISOString()}
  steps:
    - { percent: 10, holdSeconds: 3600 }
    - { percent: 50, holdSeconds: 3600 }
    - { percent: 100 }
guard:
  checks: [{ metric: failures, maxIncrease: 1 }]
`,
    );
    expect(await typeWell("validate", policies, "--allow-private")).toBe("1 policy valid\n");
    expect(await type("plan", policies)).toMatchObject({ code: 2, out: `+ ${HOST}  new\n1 new\n` });
    expect(await typeWell("apply", policies, "-m", "begin")).toContain("version 1, published");
    expect(await type("plan", policies)).toMatchObject({ code: 0 });

    const traffic = startTraffic(fleet.url, HOST, 60);
    const phases: Phase[] = [{ percent: 10, from: 0, settled: Date.now() }];
    const meet = async (settled: number): Promise<void> =>
      vi.waitFor(
        () => {
          const steady = traffic.served.filter(({ sentAt }) => sentAt >= settled);
          expect(steady.length).toBeGreaterThan(STEADY);
        },
        { timeout: 30_000, interval: 100 },
      );
    await meet(phases[0]?.settled ?? 0);
    const step = async (percent: number, version: number, ...args: string[]): Promise<void> => {
      const before = await servedVersion();
      const from = Date.now();
      expect(await typeWell(...args)).toContain(`${HOST}  version ${version}  published`);
      await vi.waitFor(async () => expect(await servedVersion()).not.toBe(before), {
        timeout: SETTLE_MS,
        interval: LOOK_MS,
      });
      const settled = Date.now();
      phases.push({ percent, from, settled });
      await meet(settled);
    };
    await step(50, 2, "promote", HOST);
    await step(50, 3, "pause", HOST);
    await step(50, 4, "resume", HOST);
    await step(100, 5, "promote", HOST, "-m", "all of them");
    await step(0, 6, "abort", HOST, "-m", "errors in the log");
    await step(50, 7, "rollback", HOST, "--to", "4");
    await traffic.stop();

    expect(traffic.failures).toEqual([]);
    const isIn = (visitor: string, percent: number): boolean =>
      bucket(SEED.split, HOST, visitor) * 100 < percent;
    const wrong = traffic.served.filter(({ visitor, variant, status, sentAt, answeredAt }) => {
      const allowed = phases.filter(
        ({ from }, at) => from <= answeredAt && sentAt <= (phases[at + 1]?.settled ?? Infinity),
      );
      const expected = allowed.map(({ percent }): string =>
        isIn(visitor, percent) ? "canary" : "stable",
      );
      return status !== 200 || !expected.includes(variant);
    });
    expect(wrong).toEqual([]);
    // Each step was seen by many, settled, and by visitors of both kinds where there are both.
    for (const [at, { percent, settled }] of phases.entries()) {
      const until = phases[at + 1]?.from ?? Infinity;
      const steady = traffic.served.filter(
        (one) => one.sentAt >= settled && one.answeredAt <= until,
      );
      expect(steady.length).toBeGreaterThanOrEqual(STEADY);
      const variants = new Set(steady.map(({ variant }) => variant));
      const both = percent === 100 ? ["canary"] : percent === 0 ? ["stable"] : ["canary", "stable"];
      expect([...variants].toSorted()).toEqual(both);
    }

    const history = JSON.parse(await typeWell("history", HOST, "--json")) as {
      action: string;
      note: string;
    }[];
    expect(history.map(({ action }) => action)).toEqual([
      "rollback",
      "abort",
      "promote",
      "resume",
      "pause",
      "promote",
      "apply",
    ]);
    expect(history.map(({ note }) => note)).toEqual([
      "",
      "errors in the log",
      "all of them",
      "",
      "",
      "",
      "begin",
    ]);

    const [last] = traffic.served.slice(-1);
    const told = await typeWell(
      "explain",
      `http://${HOST}:${fleet.port}/`,
      "--visitor",
      last?.visitor ?? "",
    );
    expect(told).toContain(`${last?.variant} (ramp): `);
  },
  STORY_MS,
);
