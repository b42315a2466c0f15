import { access } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach, describe, expect, test, vi } from "vitest";

import { HEALTH_MS } from "../../../src/cli/health/ask.ts";
import type { Health } from "../../../src/api/health-form.ts";
import { skewOf, skewWords } from "../../../src/cli/health/skew.ts";
import { compareReleases, RELEASE } from "../../../src/lib/release.ts";
import { folder, sy, type Outcome } from "./shell.ts";
import { healthy, problem, standIn, type Said } from "./stand-in.ts";

let work: Awaited<ReturnType<typeof folder>>;
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});

const HOSTILE = "\u001B[2J\u202Egpj.exe\u0007";

/** Types a command line against what a control plane says; `{}` in it stands for its URL. */
async function against(say: Said, ...argv: string[]): Promise<Outcome> {
  const control = await standIn(() => say);
  try {
    const env = { XDG_CONFIG_HOME: work.cwd, SY_URL: control.url };
    const words = argv.map((word) => word.replace("{}", control.url));
    return await sy({ cwd: work.cwd, env, stdin: "a-token" }, ...words);
  } finally {
    await control.close();
  }
}

const releases = (control: string, ...gateways: string[]): Said => ({
  body: healthy({ version: { status: "ok", words: "", control, gateways } }),
});

describe("sy version", () => {
  test("tells of all three, and says nothing where they fit", async () => {
    const { code, out, err } = await against(releases(RELEASE, RELEASE), "version");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(
      new RegExp(`^sy {7}${RELEASE}\ncontrol {2}${RELEASE} +http://\\S+\ngateway {2}${RELEASE}\n$`),
    );
  });

  test("tells what does not fit, and which way", async () => {
    const { code, out, err } = await against(releases("99.0.0", "99.0.0", "98.0.0"), "version");
    expect(code).toBe(0);
    expect(out).toContain("gateway  99.0.0, 98.0.0\n");
    expect(err).toMatch(/^sy \S+ is of an older release than control 99\.0\.0; use sy 99\.0\.0\n/);
    expect(err).toContain("a gateway of an older release (98.0.0) serves beside control 99.0.0; ");
    const json = JSON.parse(
      (await against(releases("99.0.0", RELEASE), "version", "--json")).out,
    ) as { skew: string[] };
    expect(json).toMatchObject({ sy: RELEASE, control: "99.0.0", gateways: [RELEASE] });
    expect(json.skew).toHaveLength(2);
  });

  test("tells which share of the isolates is still of an older gateway, and which Workers serve", async () => {
    const version: Health["parts"]["version"] = {
      status: "warn",
      words: "",
      control: "99.0.0",
      worker: "w0",
      gateways: ["98.0.0", "99.0.0"],
      serving: [
        { release: "99.0.0", worker: "w2", share: 0.75 },
        { release: "98.0.0", worker: "w1", share: 0.15 },
        { release: "98.0.0", worker: null, share: 0.1 },
      ],
    };
    const said: Said = { body: healthy({ version }) };
    const { code, out, err } = await against(said, "version");
    expect(code).toBe(0);
    const lines = out.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines.slice(1, -1)).toEqual([
      ["control", "99.0.0", expect.stringContaining("http://") as string, "Worker w0"],
      ["gateway", "99.0.0", "75.0 %", "Worker w2"],
      ["gateway", "98.0.0", "15.0 %", "Worker w1"],
      ["gateway", "98.0.0", "10.0 %"],
    ]);
    expect(err).toContain(
      "a gateway of an older release (98.0.0, 25.0 % of the isolates that report) serves beside control 99.0.0; ",
    );
    const json = JSON.parse((await against(said, "version", "--json")).out) as object;
    expect(json).toMatchObject({ worker: "w0", serving: version.serving });
    const alone = { ...version, control: RELEASE, gateways: [RELEASE] };
    const one = { release: RELEASE, worker: "w1", share: 1 };
    const quiet = await against(
      { body: healthy({ version: { ...alone, serving: [one] } }) },
      "version",
    );
    expect(quiet.err).toBe("");
    expect(quiet.out).toMatch(new RegExp(`\ngateway +${RELEASE} +reports +Worker w1\n$`));
  });

  test("says that no gateway reported, and sends nothing of a server's to the terminal", async () => {
    expect((await against(releases(RELEASE), "version")).out).toContain(
      "gateway  unknown: none reported lately\n",
    );
    const { out, err } = await against(releases(HOSTILE, HOSTILE), "version");
    expect(out + err).toContain("�[2J");
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(out + err).not.toMatch(/[\u0007\u001B\u202E]/);
  });

  test("takes the word of a control plane that is not well", async () => {
    const said = problem(503, "unhealthy", { health: { ...healthy(), status: "failing" } });
    expect((await against(said, "version")).out).toContain(`control  ${RELEASE}`);
  });

  test("fails where there is no such answer, with what to do", async () => {
    expect(await against({ body: {} }, "version")).toMatchObject({ code: 1, out: "" });
    expect((await against(problem(404, "not-found"), "version")).err).toContain("check the URL");
  });

  test("waits so long and no longer for a server that hangs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const control = await standIn(() => "nothing");
    try {
      const env = { XDG_CONFIG_HOME: work.cwd, SY_URL: control.url };
      const asked = control.asked();
      let ended = false;
      const typed = sy({ cwd: work.cwd, env }, "version").finally(() => {
        ended = true;
      });
      await asked;
      await vi.advanceTimersByTimeAsync(HEALTH_MS - 1);
      expect(ended).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await typed).toMatchObject({
        code: 1,
        err: expect.stringContaining("no answer within 8 s") as string,
      });
    } finally {
      vi.useRealTimers();
      await control.close();
    }
  });
});

describe("login", () => {
  const kept = async () =>
    access(join(work.cwd, "switchyard/logins.json")).then(
      () => true,
      () => false,
    );

  test("says whose token it is, and as whom it is let in", async () => {
    const caller = { name: `ci${HOSTILE}`, role: "operate" as const, scope: ["shop-*", "*.a.b"] };
    const { code, err } = await against({ body: { ...healthy(), caller } }, "login", "{}");
    expect(code).toBe(0);
    expect(err).toContain("with the role operate for shop-* *.a.b\n");
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(err).not.toMatch(/[\u0007\u001B\u202E]/);
    expect(await kept()).toBe(true);
  });

  test("keeps no token that is refused", async () => {
    const { code, err } = await against(problem(401, "unauthorized"), "login", "{}");
    expect(code).toBe(1);
    expect(err).toContain("does not know this token, so it is not kept; check what was typed");
    expect(await kept()).toBe(false);
  });

  test("keeps one that could not be asked about, with a word, and asks nobody where told so", async () => {
    const { code, err } = await against(problem(500, "internal-error"), "login", "{}");
    expect([code, await kept()]).toEqual([0, true]);
    expect(err).toContain("whose it is could not be asked: internal-error\n");
    const control = await standIn(() => "nothing");
    const env = { XDG_CONFIG_HOME: work.cwd };
    const typed = await sy(
      { cwd: work.cwd, env, stdin: "a-token" },
      "login",
      control.url,
      "--no-check",
    );
    expect([typed.code, control.seen.length]).toEqual([0, 0]);
    await control.close();
  });
});

test("releases are compared by their numbers", () => {
  const sign = (a: string, b: string) => Math.sign(compareReleases(a, b) ?? Number.NaN);
  expect([sign("1.2.3", "1.2.3"), sign("1.10.0", "1.9.9"), sign("1.0.9", "1.1.0")]).toEqual([
    0, 1, -1,
  ]);
  expect([sign("1.2.3", "1.2"), sign("x", "y"), sign("x", "x"), sign("", "1.0.0")]).toEqual([
    NaN,
    NaN,
    0,
    NaN,
  ]);
  expect(skewOf({ control: "1.0.0", gateways: ["1.0.0"] }, "1.0.0")).toEqual([]);
  expect(skewOf({ control: "1.0.0", gateways: ["?"] }, "2.0.0").map(skewWords)).toEqual([
    "sy 2.0.0 is of a newer release than control 1.0.0; use sy 1.0.0",
    expect.stringContaining("a gateway of another release (?)") as string,
  ]);
});
