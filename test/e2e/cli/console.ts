import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "vitest";

import { blocksOf, type Page } from "../../unit/docs/markdown.ts";
import { sy } from "../../unit/cli/shell.ts";
import { run, SY } from "./typed.ts";

/** A command of a page, and what stands below it. */
interface Example {
  /** Page and line of the block. */
  readonly at: string;
  readonly command: string;
  /** What it prints, both streams; `…` stands for anything in a line, a line of it alone for any lines. */
  readonly prints: readonly string[];
  readonly exit: number;
}

function examplesOf(text: string, at: string): Example[] {
  return text.split(/^\$ /m).flatMap((part, index) => {
    if (index === 0) return [];
    const [command = "", ...rest] = part.trimEnd().split("\n");
    const [, exit] = /^\[exit (\d+)\]$/.exec(rest.at(-1) ?? "") ?? [];
    const prints = exit === undefined ? rest : rest.slice(0, -1);
    return [{ at, command, prints, exit: Number(exit ?? 0) }];
  });
}

/** The commands of the console blocks of a page, in order. */
export const examplesIn = (from: Page): Example[] =>
  blocksOf(from, "console").flatMap(({ text, line }) => examplesOf(text, `${from.path}:${line}`));

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function patternOf(prints: readonly string[]): RegExp {
  const lines = prints.map((line) =>
    line === "…" ? "(?:.*\n)*" : `${escaped(line).replaceAll("…", ".*")} *\r?\n`,
  );
  return new RegExp(`^${lines.join("")}$`);
}

/** Puts `sy` on the path of whoever types in a folder, and gives that path. */
export async function pathWithSy(folder: string): Promise<string> {
  const bin = join(folder, ".bin");
  await mkdir(bin, { recursive: true });
  const shim = join(bin, "sy");
  await writeFile(shim, `#!/bin/sh\nexec ${SY.join(" ")} "$@"\n`);
  await chmod(shim, 0o755);
  return `${bin}:${process.env["PATH"] ?? ""}`;
}

interface Where {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Typed {
  readonly code: number;
  readonly out: string;
}

/** `sy` with words that every shell leaves as they are. */
const PLAIN = /^sy(?: (?:[\w./:=,@%+-]+|"[^"$`\\!]*"|'[^']*'))*$/;

const wordsOf = (command: string): string[] =>
  [...command.matchAll(/ (?:"([^"]*)"|'([^']*)'|(\S+))/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );

/** What `sy` does and prints, both streams, here and now: to start a process for each example takes ten times as long. */
async function typedHere(command: string, { cwd, env }: Where): Promise<Typed> {
  let out = "";
  const adding = () => {
    let told = 0;
    return (soFar: string) => {
      out += soFar.slice(told);
      told = soFar.length;
    };
  };
  const shell = { cwd, env, now: Date.now, onOutput: adding(), onRemark: adding() };
  const { code } = await sy(shell, ...wordsOf(command));
  return { code, out };
}

/**
 * Types every example of a page, one after another, in one shell each where it needs a shell, and expects what the
 * page says.
 */
export async function typeAll(examples: readonly Example[], where: Where): Promise<void> {
  const before: string[] = [];
  for (const { at, command, prints, exit } of examples) {
    // What an earlier command put into a variable is there, as in one shell.
    const typed: Typed = PLAIN.test(command)
      ? await typedHere(command, where)
      : await run("sh", ["-c", `${before.join("")}{ ${command}\n} 2>&1`], where);
    if (/^[A-Z_]+=/.test(command)) before.push(`${command}\n`);
    const told = { at, command };
    expect({ ...told, code: typed.code, out: typed.out }).toEqual({
      ...told,
      code: exit,
      out: expect.stringMatching(patternOf(prints)) as string,
    });
  }
}
