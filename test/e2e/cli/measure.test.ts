import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { plainEnv, startDemo, type Demo } from "../../support/demo.ts";
import { folder, sy as typed } from "../../unit/cli/shell.ts";
import { page } from "../../unit/docs/markdown.ts";
import { examplesIn, pathWithSy, typeAll } from "./console.ts";
import { SY } from "./typed.ts";

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

const sy = async (...argv: string[]) =>
  typed({ cwd: work.cwd, env: { SY_URL: demo.control }, now: Date.now }, ...argv);

async function json<T>(...argv: string[]): Promise<T> {
  const { code, out, err } = await sy(...argv, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as T;
}

interface Results {
  readonly experiments: readonly {
    readonly variants: readonly { readonly variant: string; readonly visitors: number }[];
    readonly goals: readonly {
      readonly goal: string;
      readonly variants: readonly { readonly conversions: number }[];
    }[];
  }[];
}

const visitorsIn = ({ experiments: [one] }: Results): number =>
  (one?.variants ?? []).reduce((all, { visitors }) => all + visitors, 0);

const purchasesIn = ({ experiments: [one] }: Results): number =>
  (one?.goals ?? [])
    .filter(({ goal }) => goal === "purchase")
    .flatMap(({ variants }) => variants)
    .reduce((all, { conversions }) => all + conversions, 0);

const results = async () => json<Results>("results", "ab.localhost");

/** On a busy machine the demo serves its visitors slowly, and an answer takes its time. */
const LONG_MS = 240_000;

/** What takes its visitors many seconds is looked for once in one: each look tells of a whole experiment, or of all routes. */
const LOOKS = { interval: 1000 };
const SLOW = { ...LOOKS, timeout: LONG_MS };

// At once: each waits for visitors, and none changes what another looks at.
describe.concurrent("against the demo, whose visitors are made up", () => {
  // Each its own `expect`: the shared one does not know which of them polls.
  test("visitors and purchases come in, and go on to", async ({ expect: own }) => {
    await own.poll(async () => purchasesIn(await results()), LOOKS).toBeGreaterThan(0);
    const before = visitorsIn(await results());
    await own.poll(async () => visitorsIn(await results())).toBeGreaterThan(before);
    const { out } = await sy("results", "ab.localhost");
    expect(out).toMatch(
      /^ab\.localhost\n[^]*\nsplit ok .*\n[^]*\npurchase[^]*\n {2}bold +\d+ +\d+\.\d %[^]*\nrevenue/,
    );
  });

  test(
    "status tells of every route, and of one in detail",
    async ({ expect: own }) => {
      const lines = async () => (await sy("status")).out.split("\n");
      // One second for each of the slower routes, then one report.
      await own
        .poll(async () => (await lines()).filter((line) => / \d+ s$/.test(line)).length, LOOKS)
        .toBeGreaterThanOrEqual(7);
      const [heading] = await lines();
      expect(heading).toMatch(/^route +shares +req\/min +failed +split +guard +report$/);
      // Requests of a minute are told once some of it is over.
      await own
        .poll(async () => (await lines()).find((row) => row.startsWith("ab.localhost")), SLOW)
        .toMatch(/^ab\.localhost +50\/30\/20 +[1-9][\d ]* +\d+\.\d % +\w+ +– +\d+ s$/);
      // Visitors are told of later than requests.
      await own
        .poll(async () => (await sy("status", "ab.localhost")).out, SLOW)
        .toMatch(
          /^ab\.localhost {2}version \d+, newest report \d+ s ago\n\nweighted, [1-9][\d ]* requests a minute, split \w+, guard –\n[^]*\n {2}control +█+\S* +50\.0 % +\d+\.\d % +[\d ]+ ms +[1-9]/,
        );
      const { routes } = await json<{ routes: { route: string }[] }>("status", "ab.localhost");
      expect(routes.map(({ route }) => route)).toEqual(["ab.localhost"]);
    },
    LONG_MS,
  );

  test("watch prints a line for each look in a pipe, with figures that move, until Ctrl-C", async ({
    onTestFinished,
  }) => {
    const child = spawn(SY[0], [SY[1], "watch", "ab.localhost", "--interval", "1s"], {
      env: plainEnv({ SY_URL: demo.control, XDG_CONFIG_HOME: work.cwd }),
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let out = "";
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (err += chunk));
    const moved = Promise.withResolvers<void>();
    const counts = () =>
      new Set([...out.matchAll(/control 50\.0 %: ([\d ]+) visitors/g)].map(([, count]) => count));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      out += chunk;
      if (counts().size >= 3) moved.resolve();
    });
    const exited = once(child, "exit");
    await Promise.race([moved.promise, exited]);
    expect([counts().size >= 3, err]).toEqual([true, ""]);
    child.kill("SIGINT");
    expect(await exited).toEqual([0, null]);
    for (const line of out.trimEnd().split("\n"))
      expect(line).toMatch(/^20\d\d-\S+Z {2}ab\.localhost {2}\d+ requests\/min {2}control 50/);
  });

  test(
    "whoever breaks the demo's canary, as docs/guards.md says, sees its guard take it back",
    async () => {
      // The demo prints the command that the page spells out.
      expect(demo.printed()).toMatch(/\n {2}curl -X POST http:\/\/127\.0\.0\.1:\d+\/break\n/);
      const env = {
        SY_URL: demo.control,
        PATH: await pathWithSy(work.cwd),
        XDG_CONFIG_HOME: join(work.cwd, ".config"),
      };
      const examples = examplesIn(page("docs/guards.md"));
      expect(examples.length).toBeGreaterThanOrEqual(6);
      await typeAll(examples, { cwd: work.cwd, env });
    },
    LONG_MS,
  );
});

describe("the sample", () => {
  interface Exposure {
    readonly digest: string;
    readonly variant: string;
    readonly goals: Record<string, { readonly count: number }>;
  }
  const lines = async (): Promise<Exposure[]> => {
    const { code, out } = await sy("exposures", "ab.localhost");
    expect(code).toBe(0);
    return out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Exposure);
  };

  test("comes as lines of JSON and as CSV, and a conversion known elsewhere is taken once", async () => {
    await expect.poll(async () => purchasesIn(await results())).toBeGreaterThan(0);
    const sample = await lines();
    for (const { digest } of sample) expect(digest).toMatch(/^[\da-f]{16}$/);
    const csv = (await sy("exposures", "ab.localhost", "--csv")).out.split("\r\n");
    expect(csv[0]).toBe(
      "digest,experiment,allocation,variant,firstSeen,failed,purchase count,purchase value,revenue count,revenue value",
    );
    expect(csv.length).toBeGreaterThan(sample.length);
    const post = async (digest: string) => {
      const goal = JSON.stringify({ digest, name: "purchase", id: `order-of-${digest}` });
      const io = { cwd: work.cwd, env: { SY_URL: demo.control }, stdin: `${goal}\n\n` };
      return (await typed(io, "goals", "ab.localhost", "-")).out;
    };
    let digest = "";
    let told = "";
    // The demo's visitors go on: one who has bought something meanwhile is known already, and the next one is told of.
    for (const one of sample.filter(({ goals }) => goals["purchase"] === undefined)) {
      digest = one.digest;
      told = await post(digest);
      if (told.startsWith("1 taken")) break;
    }
    expect(told).toBe("1 taken, 0 known already, 0 of visitors in no experiment\n");
    expect(await post(digest)).toBe("0 taken, 1 known already, 0 of visitors in no experiment\n");
    await expect
      .poll(async () => (await lines()).find((one) => one.digest === digest)?.goals["purchase"])
      .toMatchObject({ count: 1 });
  });

  test(
    "forgets a visitor",
    async () => {
      const [first] = await lines();
      const digest = first?.digest ?? "";
      const forget = async () => (await sy("exposures", "ab.localhost", "--forget", digest)).out;
      expect(await forget()).toBe("forgotten\n");
      expect((await lines()).some((one) => one.digest === digest)).toBe(false);
      expect(await forget()).toBe("nothing was kept of this visitor\n");
    },
    LONG_MS,
  );
});
