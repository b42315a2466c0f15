import { describe, expect, test } from "vitest";

import { policySecrets } from "../../../src/config/policy-secrets.ts";
import { isPolicySecret, MAX_SECRET_NAME_CHARS } from "../../../src/lib/secret-name.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { issuesOf, ORIGIN, single, weighted } from "./judge.ts";

const secret = (name: unknown) => ({ secret: name });
const set = (value: unknown) => ({ request: { set: { authorization: value } } });

const LONGEST = "POLICY_".padEnd(MAX_SECRET_NAME_CHARS, "A");

describe("a header's value may be a secret", () => {
  const value = secret("POLICY_TOKEN");
  const both = {
    request: { set: { a: value }, add: { b: value } },
    response: { set: { c: value }, add: { d: value } },
  };

  test.each([
    ["of a policy", single({ headers: both })],
    [
      "of a variant",
      weighted({ variants: [{ name: "a", origin: ORIGIN, weight: 1, headers: both }] }),
    ],
    ["of an origin", { origin: { url: ORIGIN, headers: both } }],
    ["of a fallback", single({ fallback: { url: ORIGIN, headers: both } })],
    ["of a mirror", single({ mirror: { origin: { url: ORIGIN, headers: both }, percent: 1 } })],
    [
      "of what ends at the gateway",
      { strategy: "respond", status: 200, headers: { response: both.response } },
    ],
  ])("%s, set or added", (_, policy) => {
    expect(issuesOf(policy)).toEqual([]);
  });

  test.each(["POLICY_A", "POLICY__", "POLICY_a1", LONGEST])("named %s", (name) => {
    expect(issuesOf(single({ headers: set(secret(name)) }))).toEqual([]);
    expect(isPolicySecret(name)).toBe(true);
  });

  test.each([
    "VISITOR_KEY",
    "OVERRIDE_SECRET",
    "ADMIN_TOKENS",
    "policy_a",
    "POLICY",
    "POLICY_",
    " POLICY_A",
    "POLICY_A ",
    "POLICY_A\n",
    "POLICY_Ä",
    "POLICY-A",
    "XPOLICY_A",
    "__proto__",
    "constructor",
    "",
    `${LONGEST}A`,
    7,
    null,
    ["POLICY_A"],
  ])("and not named %j", (name) => {
    const issues = issuesOf(single({ headers: set(secret(name)) }));
    expect(issues).toMatchObject([{ path: "$.headers.request.set.authorization.secret" }]);
    expect(issues[0]?.message).toMatch(/^"secret" must be the name of a secret/);
  });

  test.each([[{}], [[]], [{ secret: "POLICY_A", value: "x" }], [{ secrets: "POLICY_A" }], [null]])(
    "and no other object: %j",
    (other) => {
      expect(issuesOf(single({ headers: set(other) }))).not.toEqual([]);
    },
  );

  test("of no name that an edit may not touch", () => {
    const headers = { request: { set: { "x-real-ip": value, host: value } } };
    expect(issuesOf(single({ headers })).map(({ path }) => path)).toEqual([
      '$.headers.request.set["x-real-ip"]',
      "$.headers.request.set.host",
    ]);
  });
});

describe("what the gateway has under the names that policies may use", () => {
  test("is the values as headers carry them, what an editor put round them taken off", () => {
    const env = {
      POLICY_A: "Bearer x",
      POLICY_B: " two words\r\n",
      POLICY_C: "c".repeat(4096),
      [LONGEST]: "l",
    };
    expect([...policySecrets(env)]).toEqual([
      ["POLICY_A", "Bearer x"],
      ["POLICY_B", "two words"],
      ["POLICY_C", env.POLICY_C],
      [LONGEST, "l"],
    ]);
  });

  test("is nothing where a value would break out of its header, or is none", () => {
    const bad = ["a\r\nset-cookie: b=1", "a\nb", "a\rb", "a\0b", "ä", "€", "", " ", "\n", "\u007f"];
    const env = Object.fromEntries(bad.map((value, i) => [`POLICY_${i}`, value]));
    const others = { POLICY_OBJECT: { get: () => "x" }, POLICY_LONG: "l".repeat(4097) };
    expect([...policySecrets({ ...env, ...others })]).toEqual([]);
  });

  test("is no other secret", () => {
    const env = {
      VISITOR_KEY: "v",
      OVERRIDE_SECRET: "o",
      POLICY: "p",
      policy_a: "a",
      POLICY_: "b",
    };
    expect([...policySecrets({ ...env, [`${LONGEST}A`]: "long" })]).toEqual([]);
  });
});

describe("a policy that names secrets", () => {
  const warned = (policy: unknown) => {
    const parsed = parseValue(policy, { allowPrivateOrigins: false });
    return parsed.ok ? warningsOf(parsed.policy) : [];
  };

  test("is warned that nobody but the gateway knows them, of each once", () => {
    const headers = {
      request: {
        set: { a: secret("POLICY_A"), b: secret("POLICY_A") },
        add: { c: secret("POLICY_B") },
      },
    };
    expect(warned(single({ headers }))).toMatchObject([
      {
        path: "$.headers.request.set.a",
        message: expect.stringMatching(/^"POLICY_A" is a secret of the gateway's/) as string,
        fix: "see to it before this is live: npx wrangler secret put POLICY_A",
      },
      { path: "$.headers.request.add.c" },
    ]);
  });

  test("is warned where visitors would read one, wherever it stands", () => {
    const headers = { response: { set: { a: secret("POLICY_A") } } };
    const paths = {
      "/a": weighted({ variants: [{ name: "a", origin: ORIGIN, weight: 1, headers }] }),
    };
    expect(warned({ strategy: "path-map", paths })).toMatchObject([
      { path: '$.paths["/a"].variants[0].headers.response.set.a' },
      {
        path: '$.paths["/a"].variants[0].headers.response.set.a',
        message: 'every visitor may read the secret "POLICY_A" here: it stands in an answer',
      },
    ]);
  });

  test("is not warned of what only looks like one", () => {
    const match = { header: { secret: "POLICY_A" }, query: { set: "POLICY_A" } };
    const rules = [{ name: "POLICY_A", match, variant: "origin" }];
    expect(warned(single({ rules, headers: set("POLICY_A") }))).toEqual([]);
  });
});
