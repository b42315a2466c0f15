import { describe, expect, test } from "vitest";

import { decide } from "../../../src/decide/decide.ts";
import { compile } from "../../../src/policy/compile.ts";
import { renderIssue } from "../../../src/lib/issue.ts";
import { parse } from "../../../src/policy/parse.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { factsFrom } from "../../property/arbitraries/facts.ts";
import { blocksOf, PAGES } from "./markdown.ts";

const examples = PAGES.flatMap((page) =>
  blocksOf(page, "json policy").map((block) => ({ ...block, at: `${page.path}:${block.line}` })),
);

/** Paths that reach every branch of a policy: each prefix as it stands, and one no map is likely to have. */
function pathsOf(policy: Policy): string[] {
  if (typeof policy === "string" || policy.strategy !== "path-map") return ["/"];
  return Object.entries(policy.paths ?? {}).flatMap(([prefix, child]) => [
    prefix,
    ...pathsOf(child),
  ]);
}

test("the policy reference and the front door have examples", () => {
  const pages = new Set(examples.map(({ at }) => at.split(":")[0]));
  expect([...pages]).toEqual(expect.arrayContaining(["README.md", "docs/policy.md"]));
});

describe.each(examples)("the policy at $at", ({ text }) => {
  const parsed = parse(text, { allowPrivateOrigins: false });

  test("is valid as it stands, with public origins", () => {
    expect(parsed.ok ? [] : parsed.issues.map(renderIssue)).toEqual([]);
  });

  test("compiles, and decides for every path it names", () => {
    if (!parsed.ok) throw new Error("not valid");
    const compiled = compile(parsed.policy, "shop.example.com");
    for (const path of pathsOf(parsed.policy)) {
      const outcome = decide(compiled, factsFrom({ path: path.replace(/^=/, "") }));
      expect([path, outcome.do]).not.toEqual([path, "refuse"]);
    }
  });
});

test("JSON that is a policy is marked as one, so that none goes untested", () => {
  const unmarked = PAGES.flatMap((page) =>
    blocksOf(page)
      .filter(
        ({ info, text }) =>
          info.startsWith("json") &&
          info !== "json policy" &&
          /^\{\s*"(?:strategy|origin)"/.test(text),
      )
      .map(({ line }) => `${page.path}:${line}`),
  );
  expect(unmarked).toEqual([]);
});
