import { execFileSync, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { SHELLS } from "../../../src/cli/completion/scripts.ts";
import { folder, sy } from "./shell.ts";

const NAMES = Object.keys(COMMANDS);
const scripts: Record<string, string> = {};

beforeAll(async () => {
  for (const shell of Object.keys(SHELLS)) {
    const { code, out } = await sy({ cwd: "/" }, "completion", shell);
    scripts[shell] = code === 0 ? out : "";
  }
});

/** What bash offers after these words, of which the last is being typed. */
function offered(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(" ");
  const script = `${scripts["bash"]}
COMP_WORDS=(sy ${typed}); COMP_CWORD=${words.length}
_sy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync("bash", ["--norc", "-u", "-c", script], { encoding: "utf8" });
  return out.split("\n").filter((line) => line !== "");
}

describe("in bash", () => {
  test("every command is offered, and those that begin so", () => {
    expect(offered("").toSorted()).toEqual(NAMES.toSorted());
    expect(offered("pro")).toEqual(["promote"]);
    expect(offered("switch").toSorted()).toEqual(["switch", "switch-back"]);
    expect(offered("nothing")).toEqual([]);
  });

  test("after a command its own options are offered", () => {
    expect(offered("promote", "--t")).toEqual(["--to", "--token-stdin"]);
    expect(offered("promote", "--")).toContain("--help");
    expect(offered("apply", "--pr")).toEqual(["--prune"]);
    expect(offered("list", "--pru")).toEqual([]);
    expect(offered("login", "--no")).toEqual(["--no-check"]);
    expect(offered("nothing", "--")).toEqual([]);
  });

  test("after token and completion their words are, and files elsewhere", () => {
    expect(offered("token", "")).toEqual(["create", "list"]);
    expect(offered("completion", "f")).toEqual(["fish"]);
    expect(offered("token", "create", "")).toEqual([]);
    expect(offered("apply", "")).toEqual([]);
    expect(scripts["bash"]).toMatch(/^complete -o default -F _sy sy$/m);
  });
});

const has = (shell: string): boolean => spawnSync(shell, ["-c", "true"]).status === 0;

describe.each(["bash", "zsh", "fish"])("the script for %s", (shell) => {
  test("has every command, and the description of each where the shell shows one", () => {
    const script = scripts[shell] ?? "";
    for (const name of NAMES)
      expect(script).toMatch(new RegExp(`(?:^|[\\s"'])${name}[\\s:"')]`, "m"));
    if (shell === "bash") return;
    expect(script).toContain("Delete a route; its history stays");
    // An apostrophe of a description ends no word of the script.
    expect(script).toContain(shell === "zsh" ? "route'\\''s" : "route\\'s");
  });

  test("is one that the shell reads, where it is here", async () => {
    // Elsewhere the test above has to do.
    if (!has(shell)) return;
    const work = await folder();
    const file = join(work.cwd, "completion");
    await writeFile(file, scripts[shell] ?? "");
    expect(spawnSync(shell, ["-n", file], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stderr: "",
    });
    await work.remove();
  });
});

test("of another shell there is none", async () => {
  expect(await sy({ cwd: "/" }, "completion", "tcsh")).toEqual({
    code: 64,
    out: "",
    err: 'sy: "tcsh" is not a shell that is known here; write bash, zsh or fish\n',
  });
  expect((await sy({ cwd: "/" }, "completion", "constructor")).code).toBe(64);
});
