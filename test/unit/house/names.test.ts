import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";

import { STRATEGIES } from "../../../src/policy/strategies/index.ts";

const SRC = resolve(import.meta.dirname, "../../../src");

/** Where a strategy's name may stand: at its definition, in the actions that are for it, in policies written down for the demo. */
const KNOW = /^(?:policy\/(?:strategies|actions)\/|demo\/|policy\/language\.ts$)/;

test("no file but a strategy's own tells strategies apart by name", () => {
  const names = Object.keys(STRATEGIES).join("|");
  const compared = new RegExp(`(?:[!=]==? |case )"(?:${names})"`);
  const found = globSync("**/*.ts", { cwd: SRC })
    .filter((file) => !KNOW.test(file))
    .filter((file) => compared.test(readFileSync(resolve(SRC, file), "utf8")));
  expect(found).toEqual([]);
});
