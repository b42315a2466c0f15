import { describe, expect, test } from "vitest";

import { wholeValue } from "../../../src/import/ingress-nginx/header-pattern.ts";
import { gatewayWith } from "./asked.ts";
import { canary, imported, ingress, originOf, shop, told } from "./made.ts";

const A = originOf("a");
const B = originOf("b");

const annotation = (name: string): string =>
  `metadata.annotations["nginx.ingress.kubernetes.io/${name}"]`;

const split = { strategy: "canary", stable: A, canary: B, percent: 0, sticky: false };

describe("an error names the annotation or the field:", () => {
  test.each([
    [annotation("proxy-body-size"), [ingress({ "proxy-body-size": "8m" })]],
    [annotation("affinity"), [ingress({ affinity: "ip" })]],
    [annotation("canary"), [canary({})]],
    [annotation("canary"), [ingress(), canary({}), canary({}, { name: "second" })]],
    [annotation("canary"), [ingress(), canary({}, { path: { pathType: "Exact" } })]],
    [annotation("canary"), [ingress({ canary: "yes" })]],
    [annotation("canary-weight"), [ingress(), canary({ "canary-weight": "101" })]],
    [annotation("canary-weight"), [ingress(), canary({ "canary-weight": "-1" })]],
    [annotation("canary-weight-total"), [ingress(), canary({ "canary-weight-total": "0" })]],
    [
      annotation("canary-by-header-pattern"),
      [ingress(), canary({ "canary-by-header": "x", "canary-by-header-pattern": "(a|b)*" })],
    ],
    [annotation("canary-by-header"), [ingress(), canary({ "canary-by-header": "a b" })]],
    [
      annotation("session-cookie-max-age"),
      [ingress({ affinity: "cookie", "session-cookie-max-age": "0" }), canary({})],
    ],
    [
      annotation("session-cookie-name"),
      [ingress({ affinity: "cookie", "session-cookie-name": "__Host-a" }), canary({})],
    ],
    [annotation("canary"), [ingress({ canary: true })]],
    ["spec.rules[0].http.paths[0].backend", [ingress({}, { service: "gone" })]],
    ["spec.rules[0].http.paths[0].pathType", [ingress({}, { path: { pathType: "prefix" } })]],
    ["spec.tomato", [ingress({}, { spec: { tomato: 1 } })]],
  ])("%s", (field, objects) => {
    const errors = imported(...objects).reports.filter(({ level }) => level === "error");
    expect(errors.map((one) => one.field)).toEqual([field]);
  });

  test("both that of the policy and that of the importer, at once", () => {
    const annotations = {
      affinity: "cookie",
      "session-cookie-name": "__Host-a",
      "proxy-body-size": "8m",
    };
    expect(told(imported(ingress(annotations), canary({}))).toSorted()).toEqual([
      `error ${annotation("proxy-body-size")}`,
      `error ${annotation("session-cookie-name")}`,
      `warning ${annotation("canary")}`,
    ]);
  });
});

describe("a warning says what is lost, or does nothing:", () => {
  test.each([
    [annotation("session-cookie-path"), [ingress({ "session-cookie-path": "/" })]],
    [annotation("canary-weight"), [ingress({ "canary-weight": "5" })]],
    [annotation("affinity"), [ingress({ affinity: "cookie" })]],
    [
      annotation("affinity"),
      [ingress({ affinity: "cookie" }), canary({ "affinity-canary-behavior": "legacy" })],
    ],
    [annotation("ssl-redirect"), [ingress(), canary({ "ssl-redirect": "true" })]],
    ["spec.tls", [ingress(), canary({}, { spec: { tls: [{ secretName: "s" }] } })]],
    [
      annotation("canary-by-header-pattern"),
      [
        ingress(),
        canary({
          "canary-by-header": "x",
          "canary-by-header-value": "1",
          "canary-by-header-pattern": "(a|b)*",
        }),
      ],
    ],
    [
      'metadata.annotations["cert-manager.io/issuer"]',
      [ingress({ "cert-manager.io/issuer": "x" })],
    ],
  ])("%s", (field, objects) => {
    const result = imported(...objects);
    expect(told(result)).toEqual([`warning ${field}`]);
    expect(Object.keys(result.policies)).toEqual(["shop.example.com"]);
  });
});

test("a main Ingress is imported without a canary that is refused", () => {
  expect(shop(ingress(), canary({ "canary-weight": "101" }))).toBe(A);
  expect(shop(ingress(), canary({ "canary-by-header": "a b" }))).toBe(A);
});

test("without affinity that anybody asks for, the draw is for each request", () => {
  expect(
    shop(ingress({ affinity: "cookie", "affinity-canary-behavior": "legacy" }), canary({})),
  ).toEqual(split);
});

test("affinity may be asked for by the canary alone", () => {
  expect(shop(ingress(), canary({ affinity: "cookie" }))).toEqual({
    ...split,
    sticky: { by: ["cookie"], mode: "pin" },
  });
});

test.each([
  [7, 100, 7],
  [1, 3, 33.333_333_333_3],
  [29, 100, 29],
  [1, 1_000_000, 0.0001],
])("a weight of %i of %i is %d percent", (weight, total, percent) => {
  const annotations = { "canary-weight": String(weight), "canary-weight-total": String(total) };
  expect(shop(ingress(), canary(annotations))).toEqual({ ...split, percent });
});

describe("a pattern of nginx fits", () => {
  const values = ["", "a", "b", "xa", "ax", "xax", "b$", "$", "ab"];
  test.each(["a", "^a", "a$", "^a$", "^a|b$", "(^a|b)$", "\\$", "b\\$", "^[$|]$", "^a\\\\$"])(
    "the same values as a whole: %s",
    (pattern) => {
      const whole = new RegExp(`^(?:${wholeValue(pattern)})$`, "u");
      const part = new RegExp(pattern, "u");
      expect(values.map((value) => whole.test(value))).toEqual(
        values.map((value) => part.test(value)),
      );
    },
  );

  test("as the convention writes it", () => {
    expect(["^a$", "a"].map(wholeValue)).toEqual(["a", ".*(?:a).*"]);
  });
});

describe("https", () => {
  const tls = { tls: [{ hosts: ["shop.example.com"], secretName: "s" }] };
  const toHttps = { strategy: "redirect", status: 308, scheme: "https" };
  const whole = {
    strategy: "path-map",
    rules: [{ name: "https", match: { scheme: "http" }, policy: toHttps }],
    default: A,
  };
  const rulesOf = (spec: object): object => ({ ...tls, ...spec });

  test.each([
    ["tls", [ingress({}, { spec: tls })], whole],
    ["tls for all hosts", [ingress({}, { spec: { tls: [{}] } })], whole],
    ["tls of a wildcard", [ingress({}, { spec: { tls: [{ hosts: ["*.example.com"] }] } })], whole],
    ["tls of another host", [ingress({}, { spec: { tls: [{ hosts: ["b.example.com"] }] } })], A],
    ["force-ssl-redirect", [ingress({ "force-ssl-redirect": "true" })], whole],
    ["no ssl-redirect", [ingress({ "ssl-redirect": "false" }, { spec: tls })], A],
    ["neither", [ingress()], A],
  ])("%s", (_, objects, policy) => {
    expect(shop(...objects)).toEqual(policy);
  });

  test("is for the paths alone that ask for it", async () => {
    const plain = ingress(
      { "ssl-redirect": "false" },
      { name: "plain", service: "b", path: { path: "/plain" } },
    );
    const { policies, reports } = imported(ingress({}, { spec: rulesOf({}) }), plain);
    expect(reports).toEqual([]);
    const ask = gatewayWith(policies);
    const led = async (path: string, scheme: "http" | "https") => {
      const answer = await ask({ host: "shop.example.com", path, scheme });
      return answer.forwarded?.origin ?? answer.headers.get("location");
    };
    expect(await led("/x", "http")).toBe("https://shop.example.com/x");
    expect(await led("/x", "https")).toBe(A);
    expect(await led("/plain/x", "http")).toBe(B);
    expect(await led("/plain", "https")).toBe(B);
  });
});

describe("a backend for what no path takes", () => {
  const defaultBackend = { service: { name: "b", port: { name: "80" } } };

  test("is the one of the Ingress, on its hosts", () => {
    expect(shop(ingress({}, { spec: { defaultBackend }, path: { path: "/x" } }))).toEqual({
      strategy: "path-map",
      paths: { "/x": A },
      default: B,
    });
  });

  test("is for all hosts, where it stands alone", () => {
    const { policies } = imported(ingress({}, { spec: { defaultBackend, rules: [] } }));
    expect(policies).toEqual({ "*": B });
  });
});
