import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { MAX_ISOLATE_CHARS, readNews, readReport } from "../../../src/report/decode.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { mayServe, UNHEARD } from "../../../src/report/newer.ts";
import { shardOf, SHARDS } from "../../../src/report/shard.ts";
import { MAX_VERSION, stampedVersion, stampOf } from "../../../src/report/stamp.ts";
import {
  MAX_LOOKUPS,
  MAX_RELEASE_CHARS,
  MAX_WORKER_CHARS,
  MAX_REPORT_CHARS,
  MAX_REPORTED_ROUTES,
  type Report,
} from "../../../src/report/wire.ts";

const REPORT: Report = {
  v: 1,
  isolate: "i-1",
  sequence: 3,
  routes: [{ key: "shop", version: 2, digest: "a-b-1", requests: 7, seen: "c-d-2" }],
  lookups: ["new.example.com"],
  since: 4,
  again: true,
};

const reportWith = (change: object) => JSON.stringify({ ...REPORT, ...change });

describe("a report", () => {
  test("comes back as it was, and what is not known is left out", () => {
    expect(readReport(reportWith({ later: "release" }))).toEqual({
      ok: true,
      value: { ...REPORT, faults: [] },
    });
  });

  test.each([
    ["not JSON", "{"],
    ["another version", reportWith({ v: 2 })],
    ["no isolate", reportWith({ isolate: "" })],
    ["an isolate of too long a name", reportWith({ isolate: "i".repeat(MAX_ISOLATE_CHARS + 1) })],
    ["a sequence of 0", reportWith({ sequence: 0 })],
    ["a route without a key", reportWith({ routes: [{ version: 1, digest: "x" }] })],
    ["a negative version", reportWith({ routes: [{ key: "a", version: -1, digest: "x" }] })],
    ["a look-up that is not a text", reportWith({ lookups: [1] })],
  ])("is refused with %s", (_, text) => {
    expect(readReport(text).ok).toBe(false);
  });

  test("names the gateway's release, and is as good where that cannot be read", () => {
    const released = (release: unknown) => {
      const read = readReport(reportWith({ release }));
      return read.ok ? read.value.release : read;
    };
    expect(released("1.2.3")).toBe("1.2.3");
    const longest = "r".repeat(MAX_RELEASE_CHARS);
    expect([released(longest), released(`${longest}r`)]).toEqual([longest, undefined]);
    expect([released(3), released(undefined), released(null)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("names the version of the Worker too, and is as good where that cannot be read", () => {
    const of = (worker: unknown) => {
      const read = readReport(reportWith({ worker }));
      return read.ok ? read.value.worker : read;
    };
    const id = "8f0c7d52-5f0e-4a31-9c2a-5d1b6a4f2f11";
    expect(id).toHaveLength(MAX_WORKER_CHARS);
    expect([of(id), of(`${id}0`), of(3), of("")]).toEqual([id, undefined, undefined, undefined]);
  });

  test("is read at each limit and refused past it", () => {
    const [route] = REPORT.routes;
    const routes = (n: number) => reportWith({ routes: Array.from({ length: n }, () => route) });
    expect(readReport(routes(MAX_REPORTED_ROUTES)).ok).toBe(true);
    expect(readReport(routes(MAX_REPORTED_ROUTES + 1)).ok).toBe(false);
    const lookups = (n: number) => reportWith({ lookups: Array.from({ length: n }, () => "k") });
    expect(readReport(lookups(MAX_LOOKUPS)).ok).toBe(true);
    expect(readReport(lookups(MAX_LOOKUPS + 1)).ok).toBe(false);
    expect(readReport(reportWith({ isolate: "i".repeat(MAX_ISOLATE_CHARS) })).ok).toBe(true);
    const text = reportWith({});
    const padded = (n: number) => text + " ".repeat(n - text.length);
    expect(readReport(padded(MAX_REPORT_CHARS)).ok).toBe(true);
    expect(readReport(padded(MAX_REPORT_CHARS + 1)).ok).toBe(false);
  });

  test("of any shape never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof readReport(text).ok).toBe("boolean");
        expect(["object", "undefined"]).toContain(typeof readNews(text));
      }),
    );
  });
});

test("news of an older release have defaults, and intervals their bounds", () => {
  const text = JSON.stringify({
    v: 1,
    sequence: 1,
    nextMs: 1,
    routes: [{ key: "a", version: 1, text: null }],
  });
  expect(readNews(text)).toEqual({
    v: 1,
    sequence: 1,
    nextMs: 1000,
    routes: [{ key: "a", version: 1, text: null, over: 0 }],
    unknown: [],
    filled: false,
    more: false,
    samples: [],
    cursor: 0,
  });
});

test("news say whose samples are halved, as far as that can be read", () => {
  const samples = [
    { key: "a", experiment: "shop", halvings: 2 },
    { key: "a", experiment: "shop", halvings: -1 },
    { key: "a", experiment: "x".repeat(1025), halvings: 1 },
    { key: "", experiment: "shop", halvings: 1 },
    null,
  ];
  const text = JSON.stringify({ v: 1, sequence: 1, nextMs: 1, routes: [], samples });
  expect(readNews(text)?.samples).toEqual([{ key: "a", experiment: "shop", halvings: 2 }]);
});

test("every shard gets its part of the routes", () => {
  const counts = Array.from({ length: SHARDS }, () => 0);
  for (let i = 0; i < 16_000; i += 1) {
    const shard = shardOf(`tenant-${i}`);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  // 1 000 each; a share further than six standard deviations away has a chance below 1e-8.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(6 * Math.sqrt(1000));
});

describe("a number counts", () => {
  test("with its own text's digest, or where an earlier release wrote none", () => {
    expect(stampedVersion("{}", stampOf("{}", 7))).toBe(7);
    expect(stampedVersion("{}", { version: 7 })).toBe(7);
    expect(stampedVersion("{}", { version: MAX_VERSION })).toBe(MAX_VERSION);
  });

  test.each([
    ["of another text", { version: 7, digest: textDigest("[]") }],
    ["that is not whole", { version: 1.5 }],
    ["of 0", { version: 0 }],
    ["as a text", { version: "7" }],
    ["that nothing could go on above", { version: MAX_VERSION + 1 }],
    ["of nothing", null],
  ])("never %s", (_, metadata) => {
    expect(stampedVersion("{}", metadata)).toBeUndefined();
  });
});

describe("newer wins", () => {
  const version = fc.integer({ min: 1, max: 5 });
  const digest = fc.constantFrom("a", "b", "c");

  test("no numbered text below what was heard of, the hub silent or not", () => {
    fc.assert(
      fc.property(version, version, digest, fc.boolean(), (claimed, heard, text, silent) => {
        const allowed = mayServe(
          { version: claimed, digest: text },
          { version: heard, byHand: undefined },
          silent,
        );
        expect(allowed).toBe(claimed >= heard);
      }),
    );
  });

  test("a text put by hand where nothing was heard, where it rules, or where the hub is silent", () => {
    const claim = { version: undefined, digest: "a" };
    expect(mayServe(claim, UNHEARD, false)).toBe(true);
    expect(mayServe(claim, { version: 3, byHand: undefined }, false)).toBe(false);
    expect(mayServe(claim, { version: 3, byHand: "b" }, false)).toBe(false);
    expect(mayServe(claim, { version: 3, byHand: "a" }, false)).toBe(true);
    expect(mayServe(claim, { version: 3, byHand: undefined }, true)).toBe(true);
  });

  test("a text that rules by hand stands over its number, and under the next", () => {
    const heard = { version: 3, byHand: "a" };
    expect(mayServe({ version: 3, digest: "z" }, heard, false)).toBe(false);
    expect(mayServe({ version: 4, digest: "z" }, heard, false)).toBe(true);
  });
});
