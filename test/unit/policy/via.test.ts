import { describe, expect, test } from "vitest";

import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import { explain, summarize } from "../../../src/decide/explain.ts";
import { isOriginBinding, MAX_BINDING_CHARS } from "../../../src/lib/binding-name.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { plan } from "../../../src/preview/plan.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { issuesOf, ORIGIN, single } from "./judge.ts";

const through = (via: unknown, url = ORIGIN) => ({ url, via });

const told = (policy: unknown, originBindings?: readonly string[], allowPrivateOrigins = false) => {
  const parsed = parseValue(policy, { allowPrivateOrigins, originBindings });
  return parsed.ok ? [] : parsed.issues;
};

describe("the name of a binding", () => {
  const longest = "A".repeat(MAX_BINDING_CHARS);

  test.each(["API", "_", "a1", "VPC_1", longest])("may be %s", (via) => {
    expect(issuesOf({ origin: through(via) })).toEqual([]);
    expect(readConfig({ ORIGIN_BINDINGS: via } as unknown as GatewayEnv).originBindings).toEqual([
      via,
    ]);
  });

  test.each([
    "ROUTING_CONFIG",
    "HUB",
    "HUBS",
    "LEDGER",
    "METRICS",
    "__proto__",
    "constructor",
    "prototype",
    `${longest}A`,
    "1A",
    "A-B",
    "A B",
    "Ä",
    "A\n",
    "A.fetch",
    "",
    " ",
  ])("may not be %j, listed or not", (via) => {
    for (const known of [undefined, [], [via]])
      expect(told({ origin: through(via) }, known)).toMatchObject([{ path: "$.origin.via" }]);
    expect(isOriginBinding(via)).toBe(false);
  });

  test.each([7, null, ["API"], {}])("is no %j", (via) => {
    expect(told({ origin: through(via) }, ["API"])).toMatchObject([{ path: "$.origin.via" }]);
  });

  test.each(["HUB", "API, HUB", "__proto__", "A B", "A;B", `${longest}A`])(
    "stops the start where ORIGIN_BINDINGS is %j",
    (list) => {
      const read = () => readConfig({ ORIGIN_BINDINGS: list } as unknown as GatewayEnv);
      expect(read).toThrow("the var ORIGIN_BINDINGS must be names of bindings");
    },
  );
});

describe("a binding that ORIGIN_BINDINGS does not list", () => {
  const unlisted = through("toString");

  test.each<[string, unknown]>([
    ["$.origin.via", { origin: unlisted }],
    [
      "$.variants[0].origin.via",
      { strategy: "weighted", variants: [{ name: "a", origin: unlisted, weight: 1 }] },
    ],
    ["$.stable.via", { strategy: "canary", stable: unlisted, canary: ORIGIN, percent: 1 }],
    ["$.green.via", { strategy: "blue-green", blue: ORIGIN, green: unlisted, active: "blue" }],
    ['$.paths["/a"].origin.via', { strategy: "path-map", paths: { "/a": { origin: unlisted } } }],
    ["$.fallback.via", single({ fallback: unlisted })],
    ["$.mirror[0].origin.via", single({ mirror: [{ origin: unlisted, percent: 1 }] })],
  ])("is refused at %s, also where private origins are allowed", (path, policy) => {
    for (const isLocal of [false, true]) {
      expect(told(policy, ["API", "VPC"], isLocal)).toMatchObject([
        {
          path,
          message: '"via" must be a binding that the var ORIGIN_BINDINGS lists, not "toString"',
          fix: "use one of API, VPC, or bind it to the gateway, and add it to ORIGIN_BINDINGS of both Workers",
        },
      ]);
      expect(told(policy, ["toString"], isLocal)).toEqual([]);
    }
    expect(told(policy, [])[0]?.fix).toMatch(/^bind it to the gateway/);
  });

  test("is nobody's fault where it is not known which there are", () => {
    expect(told({ origin: unlisted })).toEqual([]);
  });
});

test("behind a binding a host may be private, and have an address; elsewhere not", () => {
  const hosts = ["http://localhost:3000", "http://db.internal/base", "http://10.0.0.7", ORIGIN];
  for (const url of hosts) expect(issuesOf({ origin: through("API", url) })).toEqual([]);
  const hidden = { ...through("API"), resolve: "db.internal" };
  expect(issuesOf({ origin: hidden })).toEqual([]);
  expect(issuesOf({ origin: { url: hosts[1] } })[0]?.fix).toContain('with "via"');
  expect(issuesOf({ origin: { url: hosts[2] } })[0]?.fix).toContain('VPC service with "via"');
});

describe("the binding is named", () => {
  const NOBODY = { visitor: undefined, now: 0 };

  test("in an explanation, beside the origin", () => {
    const { outcome } = explain(ready({ origin: through("API") }), factsFrom({}));
    expect(summarize(outcome, NOBODY)).toMatchObject({ origin: ORIGIN, via: "API" });
    const plain = explain(ready(ORIGIN), factsFrom({})).outcome;
    expect(summarize(plain, NOBODY)).not.toHaveProperty("via");
  });

  test("of a copy", () => {
    const mirror = { origin: through("API"), percent: 100 };
    const { steps } = explain(ready(single({ mirror, sticky: false })), factsFrom({}));
    expect(steps).toContainEqual({ step: "mirror", outcome: `a copy goes to ${ORIGIN} via API` });
  });

  test("in a preview, where a change of it moves everybody", () => {
    const valid = (origin: unknown) => {
      const parsed = parseValue({ origin }, { allowPrivateOrigins: false });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      return parsed.policy;
    };
    const other = { ...through("VPC"), resolve: "host.example.com" };
    const request = { now: 0, request: undefined };
    const { paths } = plan("shop.example.com", valid(through("API")), valid(other), request);
    expect(paths).toMatchObject([{ moved: paths[0]?.visitors }]);
    expect(paths[0]?.before[0]?.at?.origin).toBe(`${ORIGIN} via API`);
    expect(paths[0]?.after[0]?.at?.origin).toBe(`${ORIGIN} at host.example.com via VPC`);
  });
});
