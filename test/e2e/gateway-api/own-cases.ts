/** Tests in the form of the data, of what its form can say and none of its tests does. */
import type { Test } from "./cases.ts";

const V1 = { name: "infra-backend-v1", port: 8080 };
const V2 = { name: "infra-backend-v2", port: 8080 };
const V3 = { name: "infra-backend-v3", port: 8080 };

const prefix = (value: string) => ({ path: { type: "PathPrefix", value } });
const at = (path: string) => ({ method: "GET", path });

const setsName = ({ name }: { readonly name: string }) => [
  {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "X-Backend-Name", value: name }] },
  },
];

const toldHost = (hostname: string) => ({ type: "URLRewrite", urlRewrite: { hostname } });

/** Draws of one sample, and how far from what is expected its count may lie: one sample in 16 000 lies beyond. */
const DRAWS = 300;
const DEVIATIONS = 4;

const own = (
  name: string,
  features: string[],
  rules: unknown[],
  requests: Test["requests"],
): Test => ({ name, upstream: "", features, routes: [{ name, rules }], requests });

export const OWN: readonly Test[] = [
  own(
    "redirect-keeps-scheme-and-port",
    ["redirect"],
    [
      {
        filters: [{ type: "RequestRedirect", requestRedirect: { hostname: "example.org" } }],
      },
    ],
    [
      { scheme: "https", port: 8443, to: 8443 },
      { scheme: "https", port: 443, to: "default" },
      { scheme: "http", port: 8080, to: 8080 },
    ].map(({ scheme, port, to }): Test["requests"][number] => ({
      request: { ...at("/x?y=1"), scheme: scheme === "https" ? "https" : "http", port },
      expect: {
        status: [302],
        backend: null,
        location: {
          scheme,
          host: "example.org",
          port: typeof to === "number" ? to : "default",
          path: "/x",
        },
      },
    })),
  ),
  own(
    "method-and-query-matching",
    ["matching", "precedence"],
    [
      { matches: [{ method: "POST" }, prefix("/x")], backendRefs: [V1] },
      {
        matches: [{ queryParams: [{ name: "animal", value: "whale" }] }],
        backendRefs: [V2],
      },
      {
        matches: [
          {
            queryParams: [
              { name: "animal", value: "whale" },
              { name: "sea", value: "north" },
            ],
          },
        ],
        backendRefs: [V3],
      },
    ],
    [
      { request: { method: "POST", path: "/" }, expect: { status: [200], backend: V1.name } },
      {
        request: { method: "POST", path: "/?animal=whale" },
        expect: { status: [200], backend: V1.name },
      },
      { request: at("/?animal=whale"), expect: { status: [200], backend: V2.name } },
      {
        request: at("/y?sea=north&animal=whale"),
        expect: { status: [200], backend: V3.name, forwarded: at("/y?sea=north&animal=whale") },
      },
      { request: at("/x?animal=whale"), expect: { status: [200], backend: V1.name } },
      { request: at("/?animal=dog"), expect: { status: [404], backend: null } },
    ],
  ),
  own(
    "retry-of-a-connection-that-is-reset",
    ["retries"],
    [{ retry: { attempts: 2 }, backendRefs: [V1] }],
    [
      {
        request: at("/"),
        backendBehaviour: { failFirst: 2, failWith: "reset" },
        expect: { status: [200], backend: V1.name },
      },
      {
        request: at("/"),
        backendBehaviour: { failFirst: 3, failWith: "reset" },
        expect: { status: [500, 503], backend: null },
      },
    ],
  ),
  own(
    "timeout-of-a-request",
    ["timeouts", "retries"],
    [{ timeouts: { request: "800ms" }, retry: { attempts: 5 }, backendRefs: [V1] }],
    [
      { request: at("/"), expect: { status: [200], backend: V1.name } },
      {
        request: at("/"),
        backendBehaviour: { delayMs: 1600 },
        expect: { status: [504], backend: null },
      },
    ],
  ),
  own(
    "weights-with-filters-of-backends",
    ["weights", "backend filters"],
    [
      {
        backendRefs: [
          { ...V1, weight: 1, filters: setsName(V1) },
          { ...V2, weight: 3, filters: setsName(V2) },
        ],
      },
      { matches: [prefix("/none")], backendRefs: [{ ...V1, weight: 0 }] },
    ],
    [
      {
        request: at("/"),
        expect: { status: [200], backend: "*" },
        sample: {
          requests: DRAWS,
          shares: { "infra-backend-v1": 0.25, "infra-backend-v2": 0.75 },
          tolerance: 0.1,
          tries: 3,
          each: { forwardedHeaderNamesBackend: "X-Backend-Name" },
        },
      },
      { request: at("/none"), expect: { status: [500], backend: null } },
    ],
  ),
  own(
    "mirrors-of-a-share",
    ["mirrors"],
    [
      {
        filters: [
          { type: "RequestMirror", requestMirror: { backendRef: V2, percent: 20 } },
          {
            type: "RequestMirror",
            requestMirror: { backendRef: V3, fraction: { numerator: 1, denominator: 2 } },
          },
        ],
        backendRefs: [V1],
      },
    ],
    [
      {
        request: at("/"),
        expect: { status: [200], backend: V1.name },
        sample: {
          requests: DRAWS,
          mirrors: [
            { backend: "infra-backend-v2", percent: 20 },
            { backend: "infra-backend-v3", percent: 50 },
          ],
          toleranceStandardDeviations: DEVIATIONS,
        },
      },
    ],
  ),
  own(
    "rewrite-host",
    ["rewrite", "backend filters"],
    [
      { matches: [prefix("/one")], filters: [toldHost("one.example.org")], backendRefs: [V1] },
      {
        matches: [prefix("/two")],
        filters: [toldHost("one.example.org")],
        backendRefs: [{ ...V2, filters: [toldHost("two.example.org")] }],
      },
    ],
    [
      { path: "/one", backend: V1.name, host: "one.example.org" },
      { path: "/two/x", backend: V2.name, host: "two.example.org" },
    ].map(({ path, backend, host }): Test["requests"][number] => ({
      request: at(path),
      expect: { status: [200], backend, forwarded: { method: "GET", path, host } },
    })),
  ),
  own(
    "cors-any-origin-with-credentials",
    ["CORS"],
    [
      {
        filters: [{ type: "CORS", cors: { allowOrigins: ["*"], allowCredentials: true } }],
        backendRefs: [V1],
      },
    ],
    [],
  ),
  own(
    "no-backend-that-exists",
    ["unresolved backends"],
    [
      { backendRefs: [{ name: "nowhere", port: 8080 }] },
      {
        matches: [prefix("/kind")],
        backendRefs: [{ ...V1, group: "unknown.example", kind: "Unknown" }],
      },
      {
        matches: [prefix("/none")],
        backendRefs: [V1, { name: "nowhere", port: 8080, weight: 0 }],
      },
    ],
    [
      { request: at("/"), expect: { status: [500], backend: null } },
      { request: at("/kind"), expect: { status: [500], backend: null } },
      { request: at("/none"), expect: { status: [200], backend: V1.name } },
    ],
  ),
  own(
    "redirect-on-the-only-backend",
    ["redirect", "backend filters"],
    [
      {
        matches: [prefix("/old")],
        backendRefs: [
          {
            ...V1,
            filters: [
              {
                type: "RequestRedirect",
                requestRedirect: {
                  path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/new" },
                },
              },
            ],
          },
        ],
      },
    ],
    [
      {
        request: at("/old/x"),
        expect: {
          status: [302],
          backend: null,
          location: { scheme: "http", port: "default", path: "/new/x" },
        },
      },
    ],
  ),
  own(
    "redirect-to-the-host-that-was-asked",
    ["redirect"],
    [{ filters: [{ type: "RequestRedirect", requestRedirect: { hostname: "any.example.net" } }] }],
    [
      {
        request: { ...at("/x"), scheme: "https", host: "any.example.net" },
        expect: {
          status: [302],
          backend: null,
          location: { scheme: "https", host: "any.example.net", port: "default", path: "/x" },
        },
      },
    ],
  ),
  own(
    "one-backend-of-two-missing",
    ["unresolved backends", "weights"],
    [{ backendRefs: [V1, { name: "nowhere", port: 8080 }] }],
    [],
  ),
  own(
    "redirect-on-one-of-two-backends",
    ["redirect", "backend filters"],
    [
      {
        backendRefs: [
          V1,
          {
            ...V2,
            filters: [{ type: "RequestRedirect", requestRedirect: { hostname: "example.org" } }],
          },
        ],
      },
    ],
    [],
  ),
];
