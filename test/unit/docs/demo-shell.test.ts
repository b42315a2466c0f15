import { spawnSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { ROOT } from "./markdown.ts";

/** Every function of docs/recipes/demo.sh that a recipe calls by name. */
const NAMES = ["sy", "edit", "origin_of", "ask", "visitors", "cookies", "version"];

describe.each(["bash", "sh"])("docs/recipes/demo.sh in %s", (shell) => {
  test("defines its functions whatever aliases of their names were typed before", () => {
    const aliases = NAMES.map((name) => `alias ${name}="npm run -s ${name} --"\n`).join("");
    const expand = shell === "bash" ? "shopt -s expand_aliases\n" : "";
    const told = NAMES.map((name) => `type ${name} | head -n 1\n`).join("");
    const script = `${expand}${aliases}. docs/recipes/demo.sh\n${told}rmdir "$WORK"\n`;
    const { status, stdout, stderr } = spawnSync(shell, ["-s"], {
      cwd: ROOT,
      input: script,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n")).toEqual(
      NAMES.map((name) => expect.stringMatching(new RegExp(`^${name} is a .*function`)) as string),
    );
  });
});
