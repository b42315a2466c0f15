import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { kvIdOf } from "../../../.ci/deploy/files.ts";
import { ROOT } from "../docs/markdown.ts";

const EXAMPLE = "docs/examples/data-plane/wrangler.toml";

const lineOf = (text: string, key: string) => new RegExp(`^${key} = (.*)$`, "m").exec(text)?.[1];

test("the gateway with KV alone is the gateway: no hub, and a place for the id of a namespace that is there", () => {
  const example = readFileSync(join(ROOT, EXAMPLE), "utf8");
  const gateway = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const main = JSON.parse(lineOf(example, "main") ?? "") as string;
  expect(join(ROOT, EXAMPLE, "..", main)).toBe(join(ROOT, "src/index.ts"));
  for (const key of ["compatibility_date", "compatibility_flags", "minify", "keep_names"])
    expect(lineOf(example, key)).toBe(lineOf(gateway, key));
  expect(kvIdOf(example)).toMatch(/^[0-9a-f]{32}$/);
  expect(gateway).toContain("[[services]]");
  expect(example).not.toMatch(/services|durable_objects/);
});
