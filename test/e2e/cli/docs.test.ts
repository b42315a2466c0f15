import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { blocksOf, page } from "../../unit/docs/markdown.ts";
import { folder } from "../../unit/cli/shell.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { run, SY } from "./typed.ts";

const PAGE = page("docs/cli.md");
const README = page("README.md");
const ALL_MS = 240_000;

interface Example {
  /** Page and line of the block. */
  readonly at: string;
  readonly command: string;
  /** What it prints, both streams; `…` stands for anything in a line, a line of it alone for any lines. */
  readonly prints: readonly string[];
  readonly exit: number;
}

/** The commands of a console block, each with what stands below it. */
function examplesOf(text: string, at: string): Example[] {
  return text.split(/^\$ /m).flatMap((part, index) => {
    if (index === 0) return [];
    const [command = "", ...rest] = part.trimEnd().split("\n");
    const [, exit] = /^\[exit (\d+)\]$/.exec(rest.at(-1) ?? "") ?? [];
    const prints = exit === undefined ? rest : rest.slice(0, -1);
    return [{ at, command, prints, exit: Number(exit ?? 0) }];
  });
}

const examplesIn = (from: typeof PAGE): Example[] =>
  blocksOf(from, "console").flatMap(({ text, line }) => examplesOf(text, `${from.path}:${line}`));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function patternOf(prints: readonly string[]): RegExp {
  const lines = prints.map((line) =>
    line === "…" ? "(?:.*\n)*" : `${escaped(line).replaceAll("…", ".*")} *\n`,
  );
  return new RegExp(`^${lines.join("")}$`);
}

let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  work = await folder();
  await mkdir(join(work.cwd, ".bin"));
  const shim = join(work.cwd, ".bin/sy");
  await writeFile(shim, `#!/bin/sh\nexec ${SY.join(" ")} "$@"\n`);
  await chmod(shim, 0o755);
});
afterAll(async () => {
  await work.remove();
});

test.each([
  { from: PAGE, atLeast: 20 },
  { from: README, atLeast: 3 },
])(
  "every example of $from.path prints what the page says, one after another",
  async ({ from, atLeast }) => {
    const examples = examplesIn(from);
    expect(examples.length).toBeGreaterThanOrEqual(atLeast);
    const demo: Demo = await startDemo();
    try {
      const path = `${join(work.cwd, ".bin")}:${process.env["PATH"] ?? ""}`;
      for (const { at, command, prints, exit } of examples) {
        const typed = await run("sh", ["-c", `{ ${command}\n} 2>&1`], {
          cwd: work.cwd,
          env: { SY_URL: demo.control, PATH: path, XDG_CONFIG_HOME: join(work.cwd, ".config") },
        });
        const told = { at, command };
        expect({ ...told, code: typed.code, out: typed.out }).toEqual({
          ...told,
          code: exit,
          out: expect.stringMatching(patternOf(prints)) as string,
        });
      }
    } finally {
      await demo.stop();
    }
  },
  ALL_MS,
);

test("the page tells of every command", () => {
  const untold = Object.keys(COMMANDS).filter(
    (name) => !new RegExp(`(?:\\bsy |\`)${name}\\b`).test(PAGE.text),
  );
  expect(untold).toEqual([]);
});
