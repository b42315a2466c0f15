import { describe, expect, test } from "vitest";

import type { Answer } from "../../e2e/gateway-api/ask.ts";
import type { Received } from "../../e2e/gateway-api/backends.ts";
import type { Case, Sample } from "../../e2e/gateway-api/cases.ts";
import { faultsOf, sampleFaults, type Seen } from "../../e2e/gateway-api/judge.ts";

const URL_ASKED = "http://any.example.net/x";

const arrival = (more: Partial<Received> = {}): Received => ({
  backend: "b1",
  method: "GET",
  path: "/x",
  host: "b1.example",
  headers: { "x-list": "one,two" },
  isCopy: false,
  ...more,
});

const answer = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: new Map(Object.entries(headers)),
  backend: "b1",
});

const seen = (more: Partial<Seen> = {}): Seen => ({
  answer: answer(200),
  arrivals: [arrival()],
  url: URL_ASKED,
  ...more,
});

function faults(expected: Partial<Case["expect"]>, what: Seen, more: Partial<Case> = {}) {
  const request = { method: "GET", path: "/x" };
  return faultsOf({ request, expect: { status: [200], ...expected }, ...more }, what);
}

const gatewayAlone = (status: number, headers: Record<string, string> = {}): Seen =>
  seen({ answer: { ...answer(status, headers), backend: null }, arrivals: [] });

describe("one request", () => {
  test("holds where everything is as expected", () => {
    const forwarded = {
      method: "GET",
      path: "/x",
      host: "b1.example",
      headers: { "X-List": "one, two" },
      absentHeaders: ["x-gone"],
    };
    expect(faults({ backend: "b1", forwarded }, seen())).toEqual([]);
  });

  test.each([
    [[404], 404, true],
    [[404], 200, false],
    [[200, 204], 204, true],
    [[504], 408, true],
    [[408], 504, true],
    [[503], 504, false],
    [[500], 502, false],
  ])("status: of %j, %i fits: %s", (status, got, fits) => {
    expect(faults({ status }, seen({ answer: answer(got) }))).toHaveLength(fits ? 0 : 1);
  });

  test("a connection that is reset to the end may be a 502 in place of a 500 or 503, and of nothing else", () => {
    const more = { backendBehaviour: { failFirst: 9, failWith: "reset" as const } };
    const reset = seen({ answer: answer(502) });
    expect(faults({ status: [500, 503] }, reset, more)).toEqual([]);
    expect(faults({ status: [404] }, reset, more)).toHaveLength(1);
  });

  test("who answered: a name, anyone, or the gateway itself", () => {
    expect(faults({ backend: "b2" }, seen())).toEqual(["b1 answered"]);
    expect(faults({ backend: "*" }, seen())).toEqual([]);
    expect(faults({ backend: "*" }, gatewayAlone(200))).toEqual(["the gateway answered"]);
    expect(faults({ backend: null }, gatewayAlone(200))).toEqual([]);
  });

  test("what the gateway answers costs no backend a request, unless the backend was told to misbehave", () => {
    const asked = { ...gatewayAlone(200), arrivals: [arrival()] };
    expect(faults({ backend: null }, asked)).toHaveLength(1);
    expect(faults({ backend: null }, asked, { backendBehaviour: { delayMs: 1 } })).toEqual([]);
  });

  test.each([
    [{ method: "POST" }],
    [{ path: "/y" }],
    [{ host: "other.example" }],
    [{ headers: { "X-List": "two, one" } }],
    [{ headers: { "X-Missing": "one" } }],
    [{ absentHeaders: ["X-List"] }],
  ])("what the backend got is not %j", (other) => {
    const forwarded = { method: "GET", path: "/x", ...other };
    expect(faults({ forwarded }, seen())).toHaveLength(1);
  });

  test("what a copy got, or a backend that did not answer, is not what was forwarded", () => {
    const forwarded = { method: "GET", path: "/x" };
    for (const other of [arrival({ isCopy: true }), arrival({ backend: "b2" })])
      expect(faults({ forwarded }, seen({ arrivals: [other] }))).toHaveLength(1);
    const tries = [arrival({ path: "/first" }), arrival()];
    expect(faults({ forwarded }, seen({ arrivals: tries }))).toEqual([]);
  });

  test.each([
    ["x-a", ["b", "a"], "a", true],
    ["x-a", ["one, two"], "one,two", true],
    ["x-a", ["one, two"], "two,one", false],
    ["x-a", ["One"], "one", false],
    ["Access-Control-Allow-Methods", ["GET, PUT"], "put,GET", true],
    ["Access-Control-Allow-Methods", ["GET, PUT"], "GET", false],
  ])("the response's %s of %j is %s: %s", (name, values, got, fits) => {
    const what = seen({ answer: answer(200, { [name.toLowerCase()]: got }) });
    expect(faults({ response: { headers: { [name]: values } } }, what)).toHaveLength(fits ? 0 : 1);
  });

  test("fields that the response must and must not have", () => {
    expect(faults({ response: { headers: { "x-a": ["b"] } } }, seen())).toHaveLength(1);
    const what = seen({ answer: answer(200, { "x-a": "b" }) });
    expect(faults({ response: { absentHeaders: ["X-A"] } }, what)).toHaveLength(1);
    expect(faults({ response: { absentHeaders: ["X-B"] } }, what)).toEqual([]);
  });

  test("frames that do not come back", () => {
    const frames = (echoed: boolean) => seen({ answer: { ...answer(101), echoed } });
    expect(faults({ status: [101], echo: true }, frames(true))).toEqual([]);
    expect(faults({ status: [101], echo: true }, frames(false))).toHaveLength(1);
    expect(faults({ echo: true }, seen())).toHaveLength(1);
  });
});

describe("Location", () => {
  const location = { scheme: "https", host: "example.org", port: "default", path: "/x" } as const;
  const at = (value: string) => gatewayAlone(302, { location: value });

  test.each([
    ["https://example.org/x", true],
    ["https://example.org:443/x", true],
    ["https://example.org/x?query", true],
    ["//example.org/x", false],
    ["http://example.org/x", false],
    ["https://example.com/x", false],
    ["https://example.org:8443/x", false],
    ["https://example.org/y", false],
    ["/x", false],
  ])("%s: %s", (value, fits) => {
    expect(faults({ status: [302], location }, at(value))).toHaveLength(fits ? 0 : 1);
  });

  test("an explicit port, any host, and a relative one", () => {
    const elsewhere = { scheme: "http", port: 8080, path: "/x" };
    expect(faults({ status: [302], location: elsewhere }, at("http://a.example:8080/x"))).toEqual(
      [],
    );
    expect(faults({ status: [302], location: elsewhere }, at("http://a.example/x"))).toHaveLength(
      1,
    );
    const same = { scheme: "http", host: "any.example.net", port: "default", path: "/y" } as const;
    expect(faults({ status: [302], location: same }, at("/y"))).toEqual([]);
  });

  test("none at all", () => {
    expect(faults({ status: [302], location }, gatewayAlone(302))).toEqual(["Location is absent"]);
  });
});

describe("a sample", () => {
  const by = (backend: string, copied = false) =>
    seen({
      answer: { ...answer(200), backend },
      arrivals: [
        arrival({ backend, headers: { "x-name": backend } }),
        ...(copied ? [arrival({ backend: "shadow", isCopy: true })] : []),
      ],
    });
  const many = (count: number, backend: string, copied = false) =>
    Array.from({ length: count }, () => by(backend, copied));

  test.each([
    [70, true],
    [75, true],
    [76, false],
    [64, false],
  ])("shares within the tolerance: %i of 100 is %s", (count, fits) => {
    const sample: Sample = { requests: 100, shares: { b1: 0.7, b2: 0.3 }, tolerance: 0.05 };
    const what = [...many(count, "b1"), ...many(100 - count, "b2")];
    expect(sampleFaults(sample, what)).toHaveLength(fits ? 0 : 2);
  });

  // The standard deviation of 100 draws at 20 % is 4.
  test.each([
    [20, true],
    [32, true],
    [33, false],
    [7, false],
  ])("copies within three standard deviations: %i of 100 is %s", (count, fits) => {
    const mirrors = [{ backend: "shadow", percent: 20 }];
    const sample: Sample = { requests: 100, mirrors, toleranceStandardDeviations: 3 };
    const what = [...many(count, "b1", true), ...many(100 - count, "b1")];
    expect(sampleFaults(sample, what)).toHaveLength(fits ? 0 : 1);
  });

  test("a field that names the backend that got it", () => {
    const sample: Sample = { requests: 2, each: { forwardedHeaderNamesBackend: "X-Name" } };
    expect(sampleFaults(sample, [by("b1"), by("b2")])).toEqual([]);
    const wrong = seen({ arrivals: [arrival({ headers: { "x-name": "b2" } })] });
    expect(sampleFaults(sample, [by("b1"), wrong])).toHaveLength(1);
  });
});
