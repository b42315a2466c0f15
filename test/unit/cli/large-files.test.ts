import { describe, expect, test } from "vitest";

import { readDocument } from "../../../src/cli/source/document.ts";
import { MAX_ISSUES } from "../../../src/lib/issue.ts";
import { parseValue } from "../../../src/policy/parse.ts";

const NAMES = 6000;

const yaml = (name: (index: number) => string): string =>
  [
    "origin: https://a.example.com",
    ...Array.from({ length: NAMES }, (_, i) => `${name(i)}: 1`),
  ].join("\n");

/** Each issue of a policy file, at its line. */
function judged(text: string, format: "json" | "yaml"): number[] {
  const source = readDocument(text, format);
  if (!source.ok) return source.issues.map(({ line }) => line);
  const parsed = parseValue(source.value, { allowPrivateOrigins: false });
  return parsed.ok ? [] : parsed.issues.map(({ path }) => source.locate(path).line);
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe("a file of thousands of names", () => {
  test.each<["yaml" | "json", string]>([
    ["yaml", yaml((i) => `zz${i}`)],
    [
      "json",
      JSON.stringify(
        Object.fromEntries([
          ["origin", "https://a.example.com"],
          ...Array.from({ length: NAMES }, (_, i) => [`zz${i}`, 1]),
        ]),
        null,
        1,
      ),
    ],
  ])("that are wrong, in %s, is judged in two seconds, each issue at its place", (format, text) => {
    const first = format === "yaml" ? 2 : 3;
    let lines: number[] = [];
    expect(cpuMs(() => (lines = judged(text, format)))).toBeLessThan(2000);
    expect(lines).toEqual(Array.from({ length: MAX_ISSUES }, (_, i) => first + i));
  });

  test("that all stand twice tells a hundred of them", () => {
    expect(
      judged(
        yaml(() => "zz"),
        "yaml",
      ),
    ).toEqual(Array.from({ length: MAX_ISSUES }, (_, i) => 3 + i));
  });

  test("that is not YAML tells a hundred errors, each in part", () => {
    const source = readDocument(`a: b\n${"\t'x\n".repeat(NAMES)}`, "yaml");
    expect(source.ok ? [] : source.issues.length).toBeLessThanOrEqual(MAX_ISSUES);
    expect(JSON.stringify(source).length).toBeLessThan(65_536);
  });
});

test.each<["yaml" | "json", string]>([
  ["yaml", "[".repeat(50_000)],
  ["yaml", "- ".repeat(20_000)],
  ["yaml", "a: {b: ".repeat(20_000)],
  ["json", "[".repeat(200_000) + "]".repeat(200_000)],
])("a file that nests without end, in %s, is refused like any other", (format, text) => {
  expect(judged(text, format).length).toBeGreaterThan(0);
});

test("a long name is found where its path shows a part of it", () => {
  const long = "z".repeat(1000);
  expect(judged(`origin: https://a.example.com\n? ${long}\n: 1\n`, "yaml")).toEqual([2]);
});
