import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { folder, sy } from "../shell.ts";

const canary = {
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
};
const checks = [{ metric: "failures", maxIncrease: 1 }];
const blueGreen = {
  strategy: "blue-green",
  blue: "https://a.example.com",
  green: "https://b.example.com",
  active: "green",
};

const FILES = {
  "guarded.example.com.json": {
    ...canary,
    percent: 25,
    guard: {
      checks: [...checks, { metric: "latency", quantile: 0.95, maxMs: 800 }],
      minVisitors: 20,
      windowSeconds: 600,
    },
  },
  "bare.example.com.json": { ...canary, percent: 25 },
  "earned.example.com.json": {
    ...canary,
    // It begins in a year.
    ramp: {
      startAt: "2027-12-01T12:00:00Z",
      steps: [
        { percent: 10, holdSeconds: 600 },
        { percent: 50, holdSeconds: 7200 },
        { percent: 100 },
      ],
    },
    guard: { checks, earn: true },
  },
  "colours.example.com.json": blueGreen,
  "empty.example.com.json": { ...canary, percent: 0 },
  "single.example.com.json": { origin: "https://a.example.com" },
  "map.example.com.json": {
    strategy: "path-map",
    paths: { "/a": { ...canary, percent: 5 }, "/b": blueGreen },
  },
};

let work: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  work = await folder(FILES);
});
afterAll(async () => work.remove());

const type = async (...argv: string[]) => sy({ cwd: work.cwd }, "guard", ...argv);
const tried = async (file: string, ...more: string[]) => {
  const { code, out, err } = await type("test", `${file}.example.com.json`, "--json", ...more);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as {
    experiment: string;
    guard: { checks: unknown[]; advised: boolean };
    traffic: object;
    fault: { variant: string };
    acts: { median: number; p99: number; never: number };
    inError: { days: number; acted: number };
    steps?: { percent: number; holdSeconds: number; median: number }[];
  };
};

describe("sy guard test", () => {
  test("says how soon the guard of a file acts, how often in error, and what it did not try", async () => {
    const { out } = await type(
      "test",
      "guarded.example.com.json",
      "--rate",
      "600",
      "--failures",
      "20%",
    );
    expect(out).toMatch(
      /^guarded\.example\.com\n600 new visitors a minute, 25\.0 % of them on canary; 0\.0 % meet a failure\nwhatever serves them\n\nits guard, with windows of 10 min, from 20 visitors on:\n {2}\{"metric": "failures", "maxIncrease": 1\}\n\nwhere canary fails for 20\.0 % of its visitors more, it acts\n {2}in half of the roll-outs within .*, in 99 of 100 within .*\nwhere it fails for no more than stable, it acts in error\n {2}on 0 of 300 days\n\nnot tried, as a failure does not move them:\n {2}\{"metric": "latency", "quantile": 0\.95, "maxMs": 800\}\n$/,
    );
  });

  test("acts sooner on more visitors and on a worse fault", async () => {
    const median = async (...more: string[]) => (await tried("guarded", ...more)).acts.median;
    const usual = await median("--rate", "100", "--failures", "10");
    expect(usual).toBeGreaterThan(0);
    expect(await median("--rate", "1000", "--failures", "10")).toBeLessThan(usual);
    expect(await median("--rate", "100", "--failures", "50")).toBeLessThan(usual);
    // The same question has the same answer.
    expect(await median("--rate", "100", "--failures", "10")).toBe(usual);
  });

  test("tries the guard that is advised where there is none, with a limit of its own where nothing is drawn", async () => {
    const bare = await tried("bare", "--rate", "600");
    expect(bare.guard).toMatchObject({ checks, advised: true });
    expect(bare.traffic).toEqual({ visitorsPerMinute: 600, baseline: 0, requestsPerMinute: null });
    const colours = await tried("colours", "--rate", "600", "--baseline", "0.1 %");
    expect(colours).toMatchObject({
      guard: { checks: [{ metric: "failures", max: 2 }], advised: true },
      fault: { variant: "green", failures: 0.05 },
      traffic: { baseline: 0.001 },
    });
    expect(colours.acts.never).toBe(0);
    expect((await type("test", "bare.example.com.json", "--rate", "600")).out).toContain(
      'no guard yet; with this one, from ten visitors on:\n  {"metric": "failures", "maxIncrease": 1}\n',
    );
  });

  test("says how long each step is earned in, of a ramp that is still to begin too", async () => {
    const { steps = [] } = await tried("earned", "--rate", "600");
    expect(steps).toMatchObject([
      { percent: 10, holdSeconds: 600 },
      { percent: 50, holdSeconds: 7200 },
    ]);
    for (const { median, holdSeconds } of steps)
      expect(median * 60).toBeGreaterThanOrEqual(holdSeconds);
    const { out } = await type("test", "earned.example.com.json", "--rate", "1");
    expect(out).toMatch(
      /\n {2}step +hold +earned after +99 of 100\n {2}10 % +10 min +.*\n {2}50 % +2 h +/,
    );
    expect((await tried("guarded", "--rate", "600")).steps).toBeUndefined();
  });

  test("takes the split that is meant", async () => {
    const { experiment } = await tried("map", "--rate", "60", "--experiment", "map.example.com/a");
    expect(experiment).toBe("map.example.com/a");
  });

  test.each([
    [
      ["map.example.com.json", "--rate", "60"],
      64,
      '"map.example.com" has several splits; say which one with --experiment: ',
    ],
    [
      ["map.example.com.json", "--rate", "60", "--experiment", "x"],
      64,
      '"map.example.com" has no experiment "x"; use one of: ',
    ],
    [
      ["single.example.com.json", "--rate", "60"],
      1,
      '"single.example.com" has no split that a guard could watch; ',
    ],
    [
      ["empty.example.com.json", "--rate", "60"],
      1,
      'nobody is drawn for another variant of "empty.example.com" than the control; ',
    ],
    [["bare.example.com.json"], 1, "a file has no visitors; say with --rate "],
    [
      ["bare.example.com.json", "--rate", "0"],
      64,
      '--rate must be a number above 0, so many a minute, not "0"; ',
    ],
    [
      ["bare.example.com.json", "--rate", "60", "--failures", "101%"],
      64,
      '--failures must be a number from 0 to 100, not "101"; ',
    ],
    [
      ["bare.example.com.json", "--rate", "60", "--variant", "stable"],
      64,
      '--variant "stable" cannot be taken back; use one of: canary',
    ],
  ])("of %j says what is wrong", async (argv, code, said) => {
    const outcome = await type("test", ...argv);
    expect(outcome).toMatchObject({ code, out: "" });
    expect(outcome.err).toContain(`sy: ${said}`);
  });
});

test("options of a test are for a test, and there is one route at a time", async () => {
  expect(await type("shop.example.com", "--failures", "5%")).toMatchObject({
    code: 64,
    err: "sy: --failures is for a test; write sy guard test shop.example.com\n",
  });
  expect(await type("shop.example.com", "other.example.com")).toMatchObject({
    code: 64,
    err: 'sy: unexpected argument "other.example.com"; see the command with --help\n',
  });
});
