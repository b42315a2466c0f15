import { describe, expect, test } from "vitest";

import { MAX_RULES } from "../../../src/policy/limits.ts";
import { gatewayWith } from "./asked.ts";
import {
  httpRoute,
  imported,
  matching,
  originOf,
  redirectTo,
  rule,
  shop,
  to,
  told,
  withFilter,
} from "./made.ts";

const A = originOf("a");
const B = originOf("b");

/** Where a request of these policies goes: an origin, or the gateway's own status. */
async function led(policies: Readonly<Record<string, unknown>>, path: string, more: object = {}) {
  const answer = await gatewayWith(policies)({ host: "shop.example.com", path, ...more });
  return answer.forwarded?.origin ?? answer.status;
}

describe("becomes a policy:", () => {
  test.each<readonly [string, unknown, unknown]>([
    ["no backend", httpRoute({ rules: [{}] }), { strategy: "respond", status: 500 }],
    [
      "weights of 0",
      httpRoute({ rules: [{ backendRefs: [to("a", { weight: 0 }), to("b", { weight: 0 })] }] }),
      { strategy: "respond", status: 500 },
    ],
    ["a weight alone", httpRoute({ rules: [{ backendRefs: [to("a", { weight: 7 })] }] }), A],
    [
      "one Service twice",
      httpRoute({ rules: [{ backendRefs: [to("a"), to("a", { weight: 3 })] }] }),
      {
        strategy: "weighted",
        variants: [
          { name: "a", origin: A, weight: 1 },
          { name: "a-2", origin: A, weight: 3 },
        ],
        sticky: false,
      },
    ],
    [
      "no time-out",
      httpRoute({ rules: [rule({ timeouts: { request: "0s", backendRequest: "0s" } })] }),
      { origin: A, timeoutMs: 100_000 },
    ],
    ["no retry", httpRoute({ rules: [rule({ retry: { attempts: 0, codes: [500] } })] }), A],
    [
      "a retry without codes",
      httpRoute({ rules: [rule({ retry: { attempts: 3 } })] }),
      { origin: A, retry: { attempts: 3, on: ["network", "timeout"] } },
    ],
    [
      "a session",
      httpRoute({
        rules: [
          {
            backendRefs: [to("a"), to("b")],
            sessionPersistence: { sessionName: "s", absoluteTimeout: "1h" },
          },
        ],
      }),
      {
        strategy: "weighted",
        variants: [
          { name: "a", origin: A, weight: 1 },
          { name: "b", origin: B, weight: 1 },
        ],
        sticky: { by: ["cookie"], mode: "pin", cookie: { name: "s", ttlSeconds: 3600 } },
      },
    ],
    [
      "a share of copies",
      withFilter({
        type: "RequestMirror",
        requestMirror: { backendRef: to("b"), fraction: { numerator: 1, denominator: 8 } },
      }),
      { origin: A, sticky: false, mirror: { origin: B, percent: 12.5 } },
    ],
    [
      "the filters of the only backend",
      httpRoute({
        rules: [
          {
            backendRefs: [
              to("a", {
                filters: [
                  {
                    type: "ResponseHeaderModifier",
                    responseHeaderModifier: { add: [{ name: "X-A", value: "1" }] },
                  },
                ],
              }),
            ],
          },
        ],
      }),
      { origin: { url: A, headers: { response: { add: { "x-a": "1" } } } } },
    ],
    [
      "a redirect of the scheme alone, for the other scheme alone",
      redirectTo({ scheme: "https" }),
      {
        strategy: "path-map",
        rules: [
          {
            name: "route-0",
            match: { scheme: "http" },
            policy: { strategy: "redirect", scheme: "https" },
          },
        ],
      },
    ],
  ])("%s", (_, route, policy) => {
    expect(imported(route).reports.filter(({ level }) => level === "error")).toEqual([]);
    expect(shop(route)).toEqual(policy);
  });

  test("a star in an exact path is a star", async () => {
    const { policies } = imported(matching({ path: { type: "Exact", value: "/x/*" } }));
    expect(await led(policies, "/x/*")).toBe(A);
    expect(await led(policies, "/x/y")).toBe(404);
  });

  test("a regular expression fits the whole path", async () => {
    const path = { type: "RegularExpression", value: "/[0-9]{1,4}" };
    const { policies } = imported(matching({ path }));
    expect(await led(policies, "/2026")).toBe(A);
    expect(await led(policies, "/2026/x")).toBe(404);
  });
});

describe("routes of one host", () => {
  const toHttps = (more: object = {}) => {
    const requestRedirect = { scheme: "https", ...more };
    const rules = [{ filters: [{ type: "RequestRedirect", requestRedirect }] }];
    return httpRoute({ rules }, { name: "to-https" });
  };
  const redirect = toHttps();

  test("serve it together, by the precedence of their matches", async () => {
    const one = httpRoute({ rules: [rule()] }, { name: "one" });
    const match = { path: { value: "/x" } };
    const method = { method: "POST" };
    const rules = [{ matches: [match, method], backendRefs: [to("b")] }];
    const { policies } = imported(one, httpRoute({ rules }, { name: "other" }));
    expect(await led(policies, "/x")).toBe(B);
    expect(await led(policies, "/", { method: "POST" })).toBe(B);
    expect(await led(policies, "/y")).toBe(A);
  });

  test.each([[redirect], [toHttps({ port: 443 })], [toHttps({ hostname: "shop.example.com" })]])(
    "a redirect to https goes ahead of what is served there: %j",
    async (one) => {
      const { policies } = imported(httpRoute({ rules: [rule()] }), one);
      expect(await led(policies, "/")).toBe(302);
      expect(await led(policies, "/", { scheme: "https" })).toBe(A);
    },
  );

  test("both count where they have one name, and that is told", () => {
    const rules = [rule({ matches: [{ path: { value: "/x" } }] })];
    const result = imported(httpRoute({ rules: [rule()] }), httpRoute({ rules }));
    expect(told(result)).toEqual(["warning metadata.name"]);
    expect(result.policies).toEqual({
      "shop.example.com": { strategy: "path-map", paths: { "/x": A }, default: A },
    });
  });

  test("are served without the one that is refused", () => {
    const bad = httpRoute({ rules: [rule({ tomato: 1 })] }, { name: "bad" });
    const good = httpRoute({
      rules: [{ matches: [{ path: { value: "/b" } }], backendRefs: [to("b")] }],
    });
    expect(shop(bad, good)).toEqual({ strategy: "path-map", paths: { "/b": B } });
  });

  test.each([
    [MAX_RULES, []],
    [MAX_RULES + 1, ["error spec.rules"]],
  ])("may have %i matches on headers", (count, reports) => {
    const matches = Array.from({ length: count }, (_, index) => ({
      headers: [{ name: "x-n", value: String(index) }],
    }));
    expect(told(imported(httpRoute({ rules: [rule({ matches })] })))).toEqual(reports);
  });

  test.each([
    [20, "rules"],
    [21, "paths"],
  ])("%i exact paths are %s", (count, where) => {
    const matches = Array.from({ length: count }, (_, index) => ({
      path: { type: "Exact", value: `/${index}` },
    }));
    const policy = shop(httpRoute({ rules: [rule({ matches })] })) as Record<string, object>;
    expect(Object.keys(policy)).toEqual(["strategy", where]);
    expect(Object.keys(policy[where] ?? {})).toHaveLength(count);
  });

  test("may have more exact paths than rules", async () => {
    const matches = Array.from({ length: MAX_RULES + 50 }, (_, index) => ({
      path: { type: "Exact", value: `/${index}` },
    }));
    const { policies, reports } = imported(httpRoute({ rules: [rule({ matches })] }));
    expect(reports).toEqual([]);
    expect(await led(policies, `/${MAX_RULES + 49}`)).toBe(A);
    expect(await led(policies, `/${MAX_RULES + 49}/`)).toBe(404);
  });
});

describe("hosts of Gateways", () => {
  const gateway = (listeners: object[]): object => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "Gateway",
    metadata: { name: "gateway" },
    spec: { gatewayClassName: "x", listeners },
  });
  const listeners = [
    { name: "one", hostname: "very.specific.com", port: 80, protocol: "HTTP" },
    { name: "wild", hostname: "*.wildcard.io", port: 80, protocol: "HTTP" },
  ];
  const route = (hostnames: string[] | undefined, parent: object = {}): object => ({
    ...httpRoute({}),
    spec: {
      parentRefs: [{ name: "gateway", ...parent }],
      ...(hostnames === undefined ? {} : { hostnames }),
      rules: [rule()],
    },
  });

  test.each([
    [["non.matching.com", "very.specific.com"], ["very.specific.com"], ["spec.hostnames[0]"]],
    [["wildcard.io", "foo.bar.wildcard.io"], ["foo.bar.wildcard.io"], ["spec.hostnames[0]"]],
    [["*.specific.com"], ["very.specific.com"], []],
    [["*.wildcard.io"], ["*.wildcard.io"], []],
    [["*.foo.wildcard.io"], ["*.foo.wildcard.io"], []],
    [["specific.but.wrong.com"], [], ["spec.hostnames[0]"]],
    [undefined, ["very.specific.com", "*.wildcard.io"], []],
  ])("%j serves %j", (hostnames, keys, warned) => {
    const result = imported(gateway(listeners), route(hostnames));
    expect(Object.keys(result.policies)).toEqual(keys);
    expect(told(result)).toEqual(warned.map((field) => `warning ${field}`));
  });

  test("one listener alone, where a route names it", () => {
    const result = imported(gateway(listeners), route(undefined, { sectionName: "wild" }));
    expect(Object.keys(result.policies)).toEqual(["*.wildcard.io"]);
  });

  test("all hosts, where the Gateway is not in the input", () => {
    expect(Object.keys(imported(route(undefined)).policies)).toEqual(["*"]);
  });
});
