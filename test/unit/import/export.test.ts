import { describe, expect, test } from "vitest";

import { importManifests } from "../../../src/import/manifests.ts";
import { exportHttpRoutes } from "../../../src/import/to-http-route/export.ts";

const A = "https://a.origin.example";
const B = "https://b.origin.example";

const exported = (policy: unknown, key = "shop.example.com") => exportHttpRoutes([{ key, policy }]);

const split = {
  strategy: "weighted",
  variants: [
    { name: "a", origin: A, weight: 1 },
    { name: "b", origin: B, weight: 1 },
  ],
};

describe("what cannot be said by an HTTPRoute is refused by its field, and the route left out:", () => {
  test.each([
    ["error sticky", split],
    ["error sticky.by", { ...split, sticky: { by: ["ip", "cookie"], mode: "pin" } }],
    ["error coverage", { ...split, sticky: false, coverage: 50 }],
    ["error strategy", { strategy: "blue-green", blue: A, green: B, active: "blue" }],
    [
      "error ramp",
      { strategy: "canary", stable: A, canary: B, ramp: {}, sticky: false, rescue: false },
    ],
    ["error status", { strategy: "respond", status: 503 }],
    ["error fallback", { origin: A, fallback: B }],
    ["error retry.on", { origin: A, retry: { attempts: 1, on: ["network"] } }],
    [
      "error headers.request.set",
      { origin: A, headers: { request: { set: { x: { secret: "P" } } } } },
    ],
    [
      "error rules[0].match.country",
      { origin: A, rules: [{ match: { country: "SE" }, policy: B }] },
    ],
    ["error origin.via", { origin: { url: A, via: "API" } }],
    [
      "error rules[0].match.header.x",
      { origin: A, rules: [{ match: { header: { x: false } }, policy: B }] },
    ],
    [
      "error rules[1].policy",
      {
        strategy: "path-map",
        rules: [
          { match: { header: { x: "1" } }, policy: A },
          { match: { header: { x: "1", y: "1" } }, policy: B },
        ],
      },
    ],
  ])("%s", (told, policy) => {
    const { manifests, reports } = exported(policy);
    expect(reports.map(({ level, field }) => `${level} ${field}`)).toEqual([told]);
    expect(reports[0]?.object).toBe("route shop.example.com");
    expect(manifests).toEqual([]);
  });

  test("a tenant's key", () => {
    expect(exported(A, "tenantA").manifests).toEqual([]);
  });
});

test("what is lost is a warning", () => {
  const { manifests, reports } = exported({ ...split, sticky: false, salt: "s" });
  expect(reports.map(({ level, field }) => `${level} ${field}`)).toEqual(["warning salt"]);
  expect(manifests).toHaveLength(1);
});

test("origins become Services, each once, and say which they are", () => {
  const { manifests, backends } = exportHttpRoutes([
    { key: "*.example.com", policy: A },
    { key: "*", policy: { origin: "http://a.origin.example:8080/base" } },
  ]);
  expect(backends).toEqual({
    "default/a-origin-example:443": A,
    "default/a-origin-example-2:8080": "http://a.origin.example:8080/base",
  });
  expect(manifests).toMatchObject([
    { metadata: { name: "wildcard-example-com" }, spec: { hostnames: ["*.example.com"] } },
    { metadata: { name: "any-host" }, spec: {} },
  ]);
});

test("an origin that is reached at another host is a Service there, with the host it is told", () => {
  const origin = { url: "https://told.example.com:8443/base", resolve: "host.example.com" };
  const rewritten = { ...origin, rewrite: { path: "/x" } };
  const variants = [
    { name: "a", origin, weight: 1 },
    { name: "b", origin: rewritten, weight: 1 },
  ];
  const { manifests, backends, reports } = exported({ ...split, variants, sticky: false });
  expect(reports).toEqual([]);
  expect(backends).toEqual({
    "default/host-example-com:8443": "https://host.example.com:8443/base",
  });
  const hostname = "told.example.com";
  const path = { type: "ReplaceFullPath", replaceFullPath: "/x" };
  expect(manifests).toMatchObject([
    {
      spec: {
        rules: [
          {
            backendRefs: [
              { filters: [{ type: "URLRewrite", urlRewrite: { hostname } }] },
              { filters: [{ type: "URLRewrite", urlRewrite: { hostname, path } }] },
            ],
          },
        ],
      },
    },
  ]);
  const back = importManifests(manifests, new Map(Object.entries(backends)));
  expect(back.policies["shop.example.com"]).toMatchObject({
    variants: [{ origin }, { origin: rewritten }],
  });
});

test("more rules than one HTTPRoute may have are parted, in their order", () => {
  const paths = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`/${index}`, A]));
  const { manifests } = exported({ strategy: "path-map", paths, default: B });
  expect(manifests).toMatchObject([
    { metadata: { name: "shop-example-com-000" } },
    { metadata: { name: "shop-example-com-001" } },
  ]);
});
