import { readFileSync, writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policyJsonSchema } from "../../../src/api/openapi/policy-schema.ts";
import { openApi } from "../../../src/api/openapi/openapi.ts";
import { RELEASE } from "../../../src/lib/release.ts";
import { DOCS } from "../../../src/policy/docs.ts";
import { LANGUAGE } from "../../../src/policy/language.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { SINCE } from "../../../src/policy/since.ts";
import { check } from "../../support/property.ts";
import { faults, resolve } from "./json-schema.ts";
import { FIRST_RELEASE, forgotten, wordsOf } from "../policy/words.ts";
import { policy } from "../../support/policies.ts";

const schema = policyJsonSchema();
const FOLDER = new URL("../../../src/api/generated/", import.meta.url);
const WORDS = new URL("../policy/words.json", import.meta.url);

/** The committed document; with SY_WRITE=documents, written anew first. */
function committed(name: string | URL, fresh: unknown): unknown {
  const file = new URL(name, FOLDER);
  if (process.env["SY_WRITE"] === "documents") writeFileSync(file, JSON.stringify(fresh));
  return JSON.parse(readFileSync(file, "utf8"));
}

describe("the committed documents", () => {
  it("are what the schemas say today", () => {
    expect(committed("policy.schema.json", schema)).toEqual(schema);
    expect(committed("openapi.json", openApi())).toEqual(openApi());
  });

  // Of the first release for good: what comes later stands in src/policy/since.ts.
  it("have every word of the policy language that no later release was the first to know", () => {
    const words = wordsOf(LANGUAGE, DOCS);
    const first = words.filter((word) => !Object.hasOwn(SINCE, word));
    const fresh = { release: FIRST_RELEASE, words: first };
    // What was written when the first release came out is not written again.
    const isFirst = RELEASE === FIRST_RELEASE;
    const file = isFirst ? committed(WORDS, fresh) : fresh;
    expect(file).toEqual(fresh);
    const { words: known } = JSON.parse(readFileSync(WORDS, "utf8")) as { words: string[] };
    expect(forgotten(words, known, SINCE)).toEqual([]);
  });

  it("hold no reference that points nowhere", () => {
    for (const document of [schema, openApi()]) {
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
        ([, one = ""]) => one,
      );
      expect(references.length).toBeGreaterThan(10);
      for (const one of references) expect(resolve(document, one)).toBeTypeOf("object");
    }
  });
});

describe("the JSON Schema of policies", () => {
  it("takes every valid policy", () => {
    check(
      fc.property(policy, (value) => {
        expect(parseValue(value, { allowPrivateOrigins: false }).ok).toBe(true);
        expect(faults(schema, value, schema)).toEqual([]);
      }),
    );
  });

  const A = "https://a.example.com";

  it.each<[string, unknown]>([
    [
      "every field",
      {
        origin: { url: A, timeoutMs: 5, headers: { request: { set: { "x-a": "1" } } } },
        salt: "s",
        epoch: 1,
        sticky: {
          by: ["cookie", "ip", { header: "x" }, { query: "q" }],
          mode: "pin",
          onZero: "evict",
          cookie: { name: "n", domain: "Example.com" },
        },
        coverage: 5,
        group: { name: "g", from: 0, to: 50 },
        retry: { attempts: 1, on: ["network", 502] },
        rescue: true,
        assetRescue: true,
        fallback: A,
        mirror: { origin: A, percent: 1 },
        override: "open",
        bots: "split",
        consent: { cookie: "c" },
        force: "origin",
        stripPrefix: true,
      },
    ],
    [
      "rules",
      {
        origin: A,
        rules: [
          {
            name: "n",
            match: {
              host: "h",
              method: ["GET"],
              path: ["/x", "/y/*"],
              header: { "x-a": true },
              query: { q: { prefix: "a" } },
              cookie: { c: false },
              country: ["SE"],
              bot: true,
            },
            policy: { strategy: "path-map", paths: { "/a": A } },
          },
        ],
      },
    ],
  ])("takes %s", (_, value) => {
    expect(parseValue(value, { allowPrivateOrigins: false })).toMatchObject({ ok: true });
    expect(faults(schema, value, schema)).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["an unknown field", { origin: A, slat: "s" }],
    [
      "an unknown field deep down",
      { origin: A, rules: [{ match: { contry: "SE" }, variant: "origin" }] },
    ],
    ["an unknown strategy", { strategy: "canry", origin: A }],
    ["a missing field", { strategy: "canary", stable: A }],
    ["a wrong type", { strategy: "canary", stable: A, canary: A, percent: "5" }],
    ["a number too large", { strategy: "canary", stable: A, canary: A, percent: 101 }],
    ["a wrong word", { origin: A, override: "opened" }],
    ["a policy that is a number", 5],
  ])("refuses %s", (_, value) => {
    expect(faults(schema, value, schema)).not.toEqual([]);
  });
});
