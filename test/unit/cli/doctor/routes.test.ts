import { expect, test } from "vitest";

import type { Route } from "../../../../src/api/client/reads.ts";
import { releaseFindings } from "../../../../src/cli/doctor/release.ts";
import { routeFindings } from "../../../../src/cli/doctor/routes.ts";
import { folder, sy } from "../shell.ts";
import { healthy, problem, standIn } from "../stand-in.ts";

const route = (key: string, change: Partial<Route> = {}): Route => ({
  key,
  version: 1,
  published: 1,
  policy: { strategy: "single", origin: "https://o.example.com" },
  author: "me",
  at: null,
  note: "",
  action: "put",
  publishing: { attempts: 0, retryAt: null },
  drift: null,
  ...change,
});

test("routes that KV does not have as the ledgers say are told by what happened to them", () => {
  const all = [
    route("well"),
    route("by-hand", { drift: { text: "{}", tooLong: false } }),
    route("too-long", { drift: { text: null, tooLong: true } }),
    route("gone", { drift: { text: null, tooLong: false } }),
    route("late", { version: 2 }),
  ];
  expect(routeFindings(all, false).map(({ level, what }) => `${level}: ${what}`)).toEqual([
    "wrong: KV has a value that was put there by hand: by-hand, too-long",
    "wrong: KV has no value any more, it was deleted there by hand: gone",
    "wrong: KV does not have the newest version yet: late",
  ]);
  expect(routeFindings([route("a")], true).map(({ level }) => level)).toEqual(["ok", "hint"]);
  expect(routeFindings([], false)).toMatchObject([{ level: "hint" }]);
});

test("of many routes the first few are named", () => {
  const many = Array.from({ length: 7 }, (_, n) => route(`r${n}`, { version: 2 }));
  expect(routeFindings(many, false)[0]?.what).toMatch(/: r0, r1, r2, r3, r4 and 2 more$/);
  expect(routeFindings(many.slice(0, 5), false)[0]?.what).toMatch(/: r0, r1, r2, r3, r4$/);
});

test("a stored policy that this release cannot read is named with its version and place", () => {
  const policy = { strategy: "single", origin: "https://o.example.com", later: true };
  const found = releaseFindings([route("a"), route("b", { version: 4, policy })], false);
  expect(found).toMatchObject([
    {
      part: "policies",
      level: "wrong",
      what: expect.stringMatching(/^b, version 4: .*later/) as string,
    },
  ]);
  expect(releaseFindings([route("a"), route("kv-only", { policy: null })], false)).toMatchObject([
    { level: "ok" },
  ]);
  const local = route("a", { policy: { strategy: "single", origin: "http://127.0.0.1:1" } });
  expect(releaseFindings([local], true)).toMatchObject([{ level: "ok" }]);
  expect(releaseFindings([local], false)).toMatchObject([{ level: "wrong" }]);
});

test("nothing that a hostile server says reaches the terminal as it is, and no answer is a finding too", async () => {
  const work = await folder();
  const hostile = "\u001B]0;x\u0007\u202E";
  const control = await standIn((path) => {
    if (path.startsWith("/v1/health"))
      return {
        body: {
          ...healthy({ kv: { status: "failing", words: hostile, ms: 1 } }),
          caller: { name: hostile, role: "read", scope: [] },
        },
      };
    return problem(500, "internal-error", { detail: hostile });
  });
  const env = { SY_URL: control.url, XDG_CONFIG_HOME: work.cwd };
  const { code, out, err } = await sy({ cwd: work.cwd, env }, "doctor");
  expect(code).toBe(1);
  expect(out).toContain("wrong  kv        �]0;x��");
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(out + err).not.toMatch(/[\u0007\u001B\u202E]/);
  await control.close();
  const gone = await sy({ cwd: work.cwd, env }, "doctor", "--json");
  expect(gone.code).toBe(1);
  expect(JSON.parse(gone.out)).toMatchObject({
    ok: false,
    findings: [{ part: "control", level: "wrong" }],
  });
  await work.remove();
});
