import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bucket, SEED } from "../../../src/lib/hash.ts";
import { syntheticId } from "../../../src/preview/synthetic.ts";
import type { Io } from "../../../src/cli/io.ts";
import { renderExplanation } from "../../../src/cli/text/explanation.ts";
import { folder, sy } from "./shell.ts";

const CANARY = {
  strategy: "canary",
  stable: "https://v1.example.com/base",
  canary: "https://v2.example.com",
  percent: 20,
  rules: [{ name: "staff", match: { header: { "x-team": "web" } }, variant: "canary" }],
};
const MAP = {
  strategy: "path-map",
  paths: { "/store": CANARY, "/api": { origin: "https://api.example.com", stripPrefix: true } },
};
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  work = await folder({
    "shop.example.com.json": CANARY,
    "map.example.com.json": MAP,
    "storefrontA.json": CANARY,
    "through.example.com.json": {
      origin: { url: "https://www.example.com", resolve: "host.example.com", via: "API" },
    },
    "no key.json": CANARY,
    "many.json": {
      strategy: "path-map",
      paths: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`/p${n}`, CANARY])),
    },
    "broken.json": { strategy: "canary" },
  });
});
afterAll(async () => work.remove());

const type = async (...argv: string[]) => sy({ cwd: work.cwd }, ...argv);
const asJson = async (...argv: string[]) =>
  JSON.parse((await type(...argv, "--json")).out) as Record<string, unknown>;

describe("sy explain --policy", () => {
  const URL = "https://shop.example.com/cart?x=1";

  test("tells the steps, the decision, and where the request goes", async () => {
    const { code, out } = await type(
      "explain",
      URL,
      "-H",
      "X-Team: web",
      "--policy",
      "shop.example.com.json",
    );
    expect(code).toBe(0);
    expect(out).toBe(`shop.example.com
  rules  rule "staff" matches
canary (rule): a rule of the policy matched
  → https://v2.example.com/cart
`);
  });

  test("names the host that is connected to", async () => {
    const { out } = await type(
      "explain",
      "https://through.example.com/cart",
      "--policy",
      "through.example.com.json",
    );
    expect(out).toContain("\n  → https://www.example.com/cart at host.example.com via API\n");
  });

  test("gives each visitor what the hash of the contract gives them, under the file's key", async () => {
    for (let n = 0; n < 20; n += 1) {
      const visitor = syntheticId(n);
      const expected = bucket(SEED.split, "shop.example.com", visitor) * 100 < 20;
      const told = await asJson(
        "explain",
        URL,
        "--policy",
        "shop.example.com.json",
        "--visitor",
        visitor,
      );
      expect(told).toMatchObject({
        key: "shop.example.com",
        decision: { variant: expected ? "canary" : "stable", reason: "split", visitor },
      });
    }
  });

  test("says that a newcomer's answer is a draw, and that a known visitor's is none", async () => {
    const known = ["--policy", "shop.example.com.json", "--visitor", syntheticId(1)];
    expect((await type("explain", URL, ...known)).out).not.toContain("a newcomer");
    const seen = new Set<string>();
    for (let n = 0; n < 60; n += 1) {
      const { out } = await type("explain", URL, "--policy", "shop.example.com.json");
      expect(out).toContain("a newcomer: the next may get another; see --visitor");
      seen.add(/^(stable|canary) /m.exec(out)?.[1] ?? "");
    }
    expect(seen).toEqual(new Set(["stable", "canary"]));
  });

  test("takes a tenant's segment and stripped prefixes off, and says so when nothing matches", async () => {
    expect(
      await asJson("explain", "https://any.host/storefrontA/cart", "--policy", "storefrontA.json"),
    ).toMatchObject({ key: "storefrontA", decision: { path: "/cart" } });
    const map = ["--policy", "map.example.com.json"];
    expect(await asJson("explain", "http://map.example.com/api/x", ...map)).toMatchObject({
      decision: { variant: "origin", origin: "https://api.example.com", path: "/x" },
    });
    const nothing = await type("explain", "http://map.example.com/other", ...map);
    expect(nothing.out).toContain("path-not-mapped: no prefix of the path-map matches");
    expect(nothing.code).toBe(0);
  });

  test.each([
    ["https://other.example.com/", "shop.example.com.json", "*.example.com, *.com, *"],
    ["https://shop.example.com/", "storefrontA.json", "*.example.com, *.com, *"],
    ["https://shop.example.com/storefrontB", "storefrontA.json", "storefrontB, *"],
  ])("refuses %s for %s, as the server does", async (url, file, others) => {
    const { code, err } = await type("explain", url, "--policy", file, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      error: { code: "request-elsewhere", fix: expect.stringContaining(others) as string },
    });
  });

  test("says which keys outside the caller's scope might have gone first", () => {
    const explained = {
      key: "*.example.com",
      drawn: false,
      at: "2026-12-01T12:00:00.000Z",
      path: "/",
      summary: "s",
      steps: [],
      decision: null,
      answer: null,
      outOfScope: ["a.example.com", "b\u001B.example.com"],
    };
    expect(renderExplanation({ colour: false } as Io, explained).at(-1)).toBe(
      "  unless there is a route outside your scope: a.example.com, b\u001B.example.com",
    );
  });

  test("names the file and the place where the policy is not valid", async () => {
    const { code, err } = await type("explain", URL, "--policy", "broken.json");
    expect(code).toBe(1);
    expect(err).toMatch(/^sy: broken\.json:1:1: .*; .* \(sy validate tells all issues\)\n$/);
  });

  test("takes the key from the option, then the file's name, then the host", async () => {
    const keyOf = async (...argv: string[]) => (await asJson("explain", URL, ...argv))["key"];
    expect(await keyOf("--policy", "no key.json")).toBe("shop.example.com");
    expect(await keyOf("--policy", "no key.json", "--key", "*")).toBe("*");
    expect((await type("explain", URL, "--policy", "no key.json", "--key", "NO.KEY")).err).toMatch(
      /^sy: "NO.KEY" is not a route key; a key is a host/,
    );
  });
});

describe("sy simulate", () => {
  test("draws the distribution as bars whose lengths are the shares", async () => {
    const { code, out } = await type("simulate", "shop.example.com.json", "--visitors", "4000");
    expect(code).toBe(0);
    const [title = "", stable = "", canary = ""] = out.split("\n");
    expect(title).toBe("shop.example.com  4 000 visitors");
    const inCanary = Array.from({ length: 4000 }, (_, n) => syntheticId(n)).filter(
      (id) => bucket(SEED.split, "shop.example.com", id) * 100 < 20,
    ).length;
    expect(canary).toContain(` ${(inCanary / 40).toFixed(1)} %`);
    expect(canary.match(/█/g)).toHaveLength(Math.floor((inCanary / 4000) * 40));
    expect(stable).toContain("https://v1.example.com/base");
  });

  test("shows each branch of a map, or the path that is asked for", async () => {
    const { out } = await type("simulate", "map.example.com.json", "--visitors", "1000");
    expect(out).toMatch(/^map\.example\.com\/api  1 000[^]*^map\.example\.com\/store  1 000/m);
    const one = await asJson("simulate", "map.example.com.json", "--path", "/nowhere");
    expect(one["paths"]).toEqual([{ path: "/nowhere", shares: [{ at: null, visitors: 10_000 }] }]);
    const many = await type("simulate", "many.json", "--visitors", "100");
    expect(many.err).toBe("2 more branches; choose one with --path\n");
  });

  test("takes a path with or without its slash, and nothing else for one", async () => {
    const shares = async (path: string) =>
      (await asJson("simulate", "map.example.com.json", "--path", path))["paths"];
    expect(await shares("store")).toEqual(await shares("/store"));
    expect(await shares("store")).toMatchObject([{ path: "/store" }]);
    for (const path of ["https://x/store", "//store", ""]) {
      const { code, err } = await type("simulate", "map.example.com.json", "--path", path);
      expect([code, err]).toEqual([
        64,
        `sy: --path must be a path, not "${path}"; write for example /store\n`,
      ]);
    }
  });

  test.each(["--visitor", "--seen-at"])("does not pass over %s, of one visitor", async (option) => {
    const { code, err } = await type("simulate", "shop.example.com.json", option, syntheticId(1));
    expect([code, err]).toEqual([
      64,
      `sy: ${option} is about one visitor, and simulate sends many; ask sy explain\n`,
    ]);
  });

  test("sends all of them with the headers that are given", async () => {
    const told = await asJson("simulate", "shop.example.com.json", "-H", "x-team: web");
    expect(told).toMatchObject({
      paths: [{ shares: [{ at: { variant: "canary" }, visitors: 10_000 }] }],
    });
  });
});

describe("sy init", () => {
  test("begins a folder that validates, and overwrites nothing", async () => {
    const fresh = await folder();
    const here = { cwd: fresh.cwd };
    const first = await sy(here, "init", "--url", "https://gateway.example.com");
    expect(first.out).toMatch(/^created  \.switchyard\.json\ncreated  policies\/shop/);
    expect((await sy(here, "validate")).out).toBe("1 policy valid\n");
    const again = JSON.parse((await sy(here, "init", "--json")).out) as object;
    expect(again).toEqual({
      files: [
        { file: ".switchyard.json", created: false },
        { file: "policies/shop.example.com.yaml", created: false },
      ],
    });
    await fresh.remove();
  });

  test("writes nothing into Switchyard itself, unless told to", async () => {
    for (const place of [[], ["docs/policies"], ["."]]) {
      const { code, out, err } = await sy(
        { cwd: join(import.meta.dirname, "../../..") },
        "init",
        ...place,
      );
      expect([code, out]).toEqual([1, ""]);
      expect(err).toMatch(/^sy: \S+ is part of Switchyard itself; name a folder elsewhere/);
    }
    const asked = { cwd: import.meta.dirname, interactive: true, stdin: "n\n" };
    expect((await sy(asked, "init", "policies")).err).toMatch(
      /Begin the policies there\? \[y\/N\] [^]*sy: nothing was changed; answer y, or add --yes\n$/,
    );
  });

  test.each([
    ['{"url": "https://x", "environment": "y"}', /url and environment both name the gateway/],
    ["{", /is not JSON/],
    ['{"ulr": "x"}', /"ulr" is not a field of this settings file; did you mean "url"\?/],
  ])("says what is wrong with the settings %s", async (text, expected) => {
    const fresh = await folder({ ".switchyard.json": text });
    const { code, err } = await sy({ cwd: fresh.cwd }, "validate");
    expect([code, err]).toEqual([1, expect.stringMatching(expected)]);
    await fresh.remove();
  });
});
