import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readDocument } from "../../../src/cli/source/document.ts";
import { keyOfFile } from "../../../src/cli/source/files.ts";
import { folder, sy } from "./shell.ts";

const GOOD = { origin: "https://www.example.com" };
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  work = await folder({
    ".switchyard.json": { policies: "good" },
    "good/shop.example.com.json": GOOD,
    "good/deep/er/storefrontA.yml": "origin: https://www.example.com\n",
    "good/%2A.example.com.yaml": "https://www.example.com\n",
    "good/.hidden.json": "{",
    "good/README.md": "not a policy",
    "shape.json": `{
  "strategy": "weighted",
  "variants": [
    { "name": "a", "origin": "https://a.example.com", "weight": "x" },
    { "name": "a", "origin": "https://a.example.com", "weight": 1, "wieght": 3 }
  ]
}`,
    "map.yaml": `strategy: path-map
paths:
  /admin: https://admin.example.com
  "/store":
    strategy: canary
    stable: &stable https://v1.example.com
    canary: *stable
    percent: 500
`,
    "twice.json": '{\n  "origin": "https://a.example.com",\n  "origin": "https://b.example.com"\n}',
    "twice.yaml": "origin: https://a.example.com\norigin: https://b.example.com\n",
    "doubtful/shop.example.com.yaml": `strategy: canary
stable: https://v1.example.com
canary: https://v2.example.com
percent: 5
sticky:
  by: [cookie, ip]
  cookie: { domain: example.org }
guard: { checks: [{ metric: failures, maxIncrease: 1 }] }
`,
    "drawn/shop.example.com.yaml": `strategy: path-map
paths:
  /a: { strategy: canary, stable: https://v1.example.com, canary: https://v2.example.com, percent: 5 }
  /b:
    strategy: canary
    stable: https://v1.example.com
    canary: https://v2.example.com
    percent: 5
    salt: shop.example.com/a
`,
    "private.json": '{"origin": "http://127.0.0.1:1"}',
    "bound/shop.example.com.json": '{"origin": {"url": "http://api.internal", "via": "API"}}',
    "bound/.switchyard.json": { originBindings: ["VPC"] },
    "clash/shop.example.com.json": GOOD,
    "clash/shop.example.com.yaml": "https://www.example.com",
    "clash/no key.json": GOOD,
    "empty/README.md": "",
  });
});
afterAll(async () => work.remove());

const validate = async (...argv: string[]) => sy({ cwd: work.cwd }, "validate", ...argv);

describe("sy validate", () => {
  test("knows by the file's name what the splits of a route are salted with", async () => {
    const { code, out } = await validate("drawn");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^drawn\/shop\.example\.com\.yaml:9:5: .+ exactly as \$\.paths\["\/a"\] does/,
    );
  });

  test("warns of what is valid and hardly meant, at its place, and refuses nothing for it", async () => {
    const { code, out, err } = await validate("doubtful");
    expect({ code, out }).toEqual({ code: 0, out: "1 policy valid\n" });
    expect(err).toMatch(
      /^doubtful\/shop\.example\.com\.yaml:6:3: warning: .+\ndoubtful\/shop\.example\.com\.yaml:7:13: warning: .+\n$/,
    );
    expect(JSON.parse((await validate("doubtful", "--json")).out)).toMatchObject({
      ok: true,
      files: [{ ok: true, warnings: [{ path: "$.sticky.by" }, { line: 7 }] }],
    });
  });

  test("takes JSON and YAML below a folder, the settings' one by default", async () => {
    expect(await validate()).toEqual({ code: 0, out: "3 policies valid\n", err: "" });
    expect(await validate("good/shop.example.com.json")).toMatchObject({ out: "1 policy valid\n" });
  });

  test("tells every issue with file, line, column and what to do", async () => {
    const { code, out } = await validate("shape.json");
    expect(code).toBe(1);
    expect(out.split("\n")).toEqual([
      'shape.json:4:55: "weight" must be a whole number from 0 to 1000000, not "x"; write for example 50',
      'shape.json:5:7: the name "a" is taken by another variant; give each variant its own name',
      'shape.json:5:68: "wieght" is not a field of this variant; did you mean "weight"? If not, remove it',
      "1 of 1 policy not valid",
      "",
    ]);
    expect((await validate("map.yaml")).out).toMatch(/^map\.yaml:8:5: "percent" must be a number/);
  });

  test("finds names that stand twice, which JSON.parse would pass over", async () => {
    expect((await validate("twice.json")).out).toMatch(/^twice\.json:3:3: this name stands twice/);
    expect((await validate("twice.yaml")).out).toMatch(/^twice\.yaml:2:1: this name stands twice/);
  });

  test("refuses private origins as production does, unless they are allowed", async () => {
    expect((await validate("private.json")).out).toMatch(/^private\.json:1:2: the origin "127/);
    expect((await validate("private.json", "--allow-private")).code).toBe(0);
  });

  test("judges bindings by the list in the settings, and by none where there is no list", async () => {
    expect((await validate("bound/shop.example.com.json")).code).toBe(0);
    const { code, out } = await sy({ cwd: join(work.cwd, "bound") }, "validate", ".");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^shop\.example\.com\.json:1:\d+: "via" must be a binding that the var ORIGIN_BINDINGS lists, not "API"; use one of VPC/,
    );
  });

  test("refuses a folder in which a route has two files, or a file no route", async () => {
    const { code, out } = await validate("clash");
    expect(code).toBe(1);
    expect(out).toContain("clash/no key.json:1:1: the file's name is not a route key; name it");
    expect(out).toContain(
      'shop.example.com.yaml:1:1: the route "shop.example.com" has a file already: clash/shop.example.com.json',
    );
  });

  test("says that nothing is there rather than that all of it is valid", async () => {
    expect(await validate("empty")).toMatchObject({ code: 1, out: "" });
    expect((await validate("good/README.md")).err).toContain("must end in .json, .yaml or .yml");
  });

  test("gives machines the same", async () => {
    const { code, out } = await validate("shape.json", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      files: [
        {
          file: "shape.json",
          key: "shape",
          ok: false,
          issues: [{ line: 4, column: 55, path: "$.variants[0].weight" }, {}, {}],
        },
      ],
    });
  });

  test("marks places and verdicts in colour on a terminal only", async () => {
    const coloured = await sy({ cwd: work.cwd, colour: true }, "validate", "shape.json");
    expect(coloured.out).toContain("\u001B[1mshape.json:4:55:\u001B[22m");
    expect((await validate("shape.json")).out).not.toContain("\u001B");
  });
});

describe("where JSON stops being JSON", () => {
  test.each([
    ['{\n  "origin": x }', 2, 13],
    ['{"a": 1,\n}', 2, 1],
    ['{"a": "b" "c"}', 1, 11],
    ['{"a": tru}', 1, 10],
    ['{"a": 01}', 1, 8],
    ['{"a": "\n"}', 1, 8],
    ["{} {}", 1, 4],
    ['{"a":\n', 2, 1],
    ["", 1, 1],
    ["'x'", 1, 1],
    [`{"long": "${"x".repeat(200)}",\n "a": [1, 2, ?]}`, 2, 14],
  ])("%j: line %d, column %d", (text, line, column) => {
    const source = readDocument(text, "json");
    expect(source).toMatchObject({ ok: false, issues: [{ line, column }] });
  });

  test("accepts what JSON allows and YAML would not", () => {
    const text = '\uFEFF{\n\t"a":\t"\\/\\ud83d\\ude00",\n\t"b":1e2,"c":{"d":[]}}';
    expect(readDocument(text, "json")).toMatchObject({
      ok: true,
      value: { a: "/😀", b: 100, c: { d: [] } },
    });
  });

  test("gives up on YAML that unfolds without end", () => {
    const names = "bcdefghij".split("");
    const list = (at: number) =>
      Array(9)
        .fill(`*${at === 0 ? "a" : names[at - 1]}`)
        .join(", ");
    const lines = names.map((name, at) => `${name}: &${name} [${list(at)}]`);
    const bomb = ["a: &a [x]", ...lines].join("\n");
    expect(readDocument(bomb, "yaml")).toMatchObject({ ok: false, issues: [{ line: 1 }] });
  });
});

test.each([
  ["policies/shop.example.com.yaml", "shop.example.com"],
  ["%2A.example.com.json", "*.example.com"],
  ["*.json", "*"],
  ["storefrontA.yml", "storefrontA"],
  ["Shop.example.com.json", undefined],
  ["%zz.json", undefined],
  ["no key.json", undefined],
])("the file %s is for the route %s", (file, key) => {
  expect(keyOfFile(file)).toBe(key);
});
