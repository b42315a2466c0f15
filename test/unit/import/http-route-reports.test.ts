import { describe, expect, test } from "vitest";

import { importManifests } from "../../../src/import/manifests.ts";
import { httpRoute, imported, matching, redirectTo, rule, to, told, withFilter } from "./made.ts";

describe("an error names the field:", () => {
  test.each([
    ["spec.tomato", httpRoute({ rules: [rule()], tomato: 1 })],
    ["spec.rules[0].tomato", httpRoute({ rules: [rule({ tomato: 1 })] })],
    ["spec.rules[0].matches[0].tomato", matching({ tomato: 1 })],
    ["spec.hostnames[0]", httpRoute({ hostnames: ["localhost"], rules: [rule()] })],
    ["spec.hostnames[0]", httpRoute({ hostnames: ["192.0.2.1"], rules: [rule()] })],
    ["spec.hostnames[0]", httpRoute({ hostnames: ["*"], rules: [rule()] })],
    ["spec.hostnames[0]", httpRoute({ hostnames: ["Shop.example.com"], rules: [rule()] })],
    ["spec.rules[0].backendRefs[0]", httpRoute({ rules: [{ backendRefs: [to("unheard-of")] }] })],
    [
      "spec.rules[0].backendRefs[0].kind",
      httpRoute({ rules: [{ backendRefs: [to("a", { kind: "Bucket", group: "x" })] }] }),
    ],
    [
      "spec.rules[0].backendRefs[0].weight",
      httpRoute({ rules: [{ backendRefs: [to("a", { weight: 1_000_001 })] }] }),
    ],
    ["spec.rules[0].matches[0].method", matching({ method: "get" })],
    ["spec.rules[0].matches[0].path.value", matching({ path: { value: "/a//b" } })],
    ["spec.rules[0].matches[0].path.value", matching({ path: { value: "/a*" } })],
    [
      "spec.rules[0].matches[0].path.value",
      matching({ path: { type: "RegularExpression", value: "(a+)+" } }),
    ],
    [
      "spec.rules[0].matches[0].headers[0].value",
      matching({ headers: [{ name: "x", type: "RegularExpression", value: "(?=a)" }] }),
    ],
    [
      "spec.rules[0].matches[0].headers[0].value",
      matching({ headers: [{ name: "x", value: "a".repeat(1025) }] }),
    ],
    ["spec.rules[0].filters[0].externalAuth", withFilter({ type: "ExternalAuth" })],
    ["spec.rules[0].filters[0].type", withFilter({ type: "Tomato" })],
    [
      "spec.rules[0].filters[0].requestHeaderModifier.set[0]",
      withFilter({
        type: "RequestHeaderModifier",
        requestHeaderModifier: { set: [{ name: "Host", value: "x" }] },
      }),
    ],
    ["spec.rules[0].filters[0].requestRedirect", redirectTo({ statusCode: 303 })],
    [
      "spec.rules[0].filters[0].requestRedirect.statusCode",
      redirectTo({ port: 1, statusCode: 300 }),
    ],
    [
      "spec.rules[0].timeouts.request",
      httpRoute({ rules: [rule({ timeouts: { request: "6m" } })] }),
    ],
    [
      "spec.rules[0].timeouts.backendRequest",
      httpRoute({ rules: [rule({ timeouts: { backendRequest: "1.5s" } })] }),
    ],
    [
      "spec.rules[0].filters[0].cors.allowCredentials",
      withFilter({ type: "CORS", cors: { allowOrigins: ["*"], allowCredentials: true } }),
    ],
    ["spec.rules[0].filters[0].cors.allowOrigins", withFilter({ type: "CORS", cors: {} })],
    [
      "spec.rules[0].filters[0].cors.allowOrigins[1]",
      withFilter({ type: "CORS", cors: { allowOrigins: ["https://a.example", "b"] } }),
    ],
    [
      "spec.rules[0].filters[4].requestMirror",
      httpRoute({
        rules: [
          rule({
            filters: Array.from({ length: 5 }, () => ({
              type: "RequestMirror",
              requestMirror: { backendRef: to("b") },
            })),
          }),
        ],
      }),
    ],
    [
      "spec.rules[0].matches[0].headers",
      matching({
        headers: Array.from({ length: 51 }, (_, n) => ({ name: `x-${n}`, value: "1" })),
      }),
    ],
    [
      "spec.rules[0].backendRefs",
      httpRoute({
        rules: [{ backendRefs: Array.from({ length: 65 }, () => to("a")) }],
      }),
    ],
    ["spec.rules[0].retry.attempts", httpRoute({ rules: [rule({ retry: { attempts: 11 } })] })],
    [
      "spec.rules[0].retry.codes[1]",
      httpRoute({ rules: [rule({ retry: { codes: [500, 399] } })] }),
    ],
    [
      "spec.rules[0].sessionPersistence.idleTimeout",
      httpRoute({
        rules: [{ backendRefs: [to("a"), to("b")], sessionPersistence: { idleTimeout: "5m" } }],
      }),
    ],
    [
      "spec.rules[0].backendRefs[1].filters[0].requestRedirect",
      httpRoute({
        rules: [
          {
            backendRefs: [
              to("a"),
              to("b", { filters: [{ type: "RequestRedirect", requestRedirect: { port: 1 } }] }),
            ],
          },
        ],
      }),
    ],
  ])("%s", (field, route) => {
    const result = imported(route);
    expect(told(result)).toEqual([`error ${field}`]);
    expect(result.reports[0]?.object).toBe("HTTPRoute default/route");
    expect(result.policies).toEqual({});
  });

  test("all of them at once", () => {
    const route = httpRoute({
      rules: [rule({ tomato: 1, retry: { attempts: 11 } }), { backendRefs: [to("gone")] }],
    });
    expect(told(imported(route))).toEqual([
      "error spec.rules[0].tomato",
      "error spec.rules[0].retry.attempts",
      "error spec.rules[1].backendRefs[0]",
    ]);
  });
});

describe("what is lost, or does nothing, is a warning:", () => {
  test.each([
    [
      'metadata.annotations["konghq.com/strip-path"]',
      httpRoute(
        { rules: [rule()] },
        {
          annotations: {
            "konghq.com/strip-path": "true",
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
          },
        },
      ),
    ],
    [
      "spec.rules[0].matches[0].headers[1]",
      matching({
        headers: [
          { name: "X-A", value: "1" },
          { name: "x-a", value: "2" },
        ],
      }),
    ],
    ["spec.rules[1]", httpRoute({ rules: [rule(), rule()] })],
    ["spec.rules[0].sessionPersistence", httpRoute({ rules: [rule({ sessionPersistence: {} })] })],
    [
      "spec.rules[0].timeouts.request",
      httpRoute({ rules: [rule({ timeouts: { request: "60s" } })] }),
    ],
    ["spec.rules[0].retry", httpRoute({ rules: [{ retry: { attempts: 1 } }] })],
  ])("%s", (field, route) => {
    const result = imported(route);
    expect(told(result)).toEqual([`warning ${field}`]);
    expect(Object.keys(result.policies)).toEqual(["shop.example.com"]);
  });
});

test("a backend that stands for no URL is an error at its place", () => {
  const route = httpRoute({ rules: [rule()] });
  const { reports, policies } = importManifests([route], new Map([["a", "nowhere"]]));
  expect(reports.map(({ level, field }) => [level, field])).toEqual([
    ["error", "spec.rules[0].backendRefs[0]"],
  ]);
  expect(policies).toEqual({});
});

test.each([
  [64, []],
  [65, ["error spec.listeners"]],
])("a Gateway may have %i listeners", (count, reports) => {
  const listeners = Array.from({ length: count }, (_, index) => ({ name: `l${index}` }));
  const gateway = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "gateway" },
    spec: { listeners },
  };
  expect(told(imported(gateway))).toEqual(reports);
});
