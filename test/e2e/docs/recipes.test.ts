import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { freePair } from "../../../src/demo/port.ts";
import { plainEnv, startDemo, type Demo } from "../../support/demo.ts";
import { blocksOf, type Block, PAGES, ROOT } from "../../unit/docs/markdown.ts";

/** On a busy machine: each `edit` starts sy three times. */
const RECIPE_MS = 180_000;

const recipes = PAGES.filter(({ path }) => path.startsWith("docs/recipes/")).map((page) => ({
  path: page.path,
  blocks: blocksOf(page),
}));

let demo: Demo;
/** Where the recipe that is told of something listens. */
let hookPort: number;
const shells = new Set<ChildProcess>();

beforeAll(async () => {
  hookPort = (await freePair()) ?? 0;
  const ops = {
    url: `http://127.0.0.1:${hookPort}/`,
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  };
  demo = await startDemo(undefined, {
    WEBHOOKS: JSON.stringify({ ops }),
    // Recipes make visitors until a guard has acted.
    REPORT_INTERVAL_SECONDS: "1",
  });
  // One after another where they share a key of the demo, and the others at once, for they wait most of the time.
  for (const [index, { path, blocks }] of recipes.entries()) {
    const keys = keysIn(blocks);
    const before = recipes
      .slice(0, index)
      .filter((other) => [...keysIn(other.blocks)].some((key) => keys.has(key)))
      .flatMap((other) => runs.get(other.path) ?? []);
    const run = Promise.all(before).then(async () =>
      paste(shellBlocks(blocks).map((block) => block.text)),
    );
    runs.set(path, run);
  }
});

afterAll(async () => {
  for (const shell of shells) shell.kill();
  await demo?.stop();
});

interface Pasted {
  /** Of each block that ran to its end. */
  readonly printed: readonly string[];
  /** On the error stream: wrangler's words, and why a block failed. */
  readonly said: string;
}

const runs = new Map<string, Promise<Pasted>>();

const shellBlocks = (blocks: readonly Block[]) => blocks.filter(({ info }) => info === "sh");

/** The demo's routes that a recipe names. */
const keysIn = (blocks: readonly Block[]): ReadonlySet<string> =>
  new Set(
    shellBlocks(blocks).flatMap(({ text: lines }) =>
      [...lines.matchAll(/\b[a-z]+\.localhost\b|\bstorefront[AB]\b/g)].map(([key]) => key),
    ),
  );

const END = "--- end of block";

/** Runs blocks one after another in one shell, as they are pasted; gives what each one printed. */
async function paste(blocks: readonly string[]): Promise<Pasted> {
  const shell = spawn("bash", ["-e"], {
    cwd: ROOT,
    env: plainEnv({ PORT: String(demo.port), HOOK_PORT: String(hookPort) }),
  });
  shells.add(shell);
  shell.stdin.end(blocks.map((block) => `${block}\necho "${END}"\n`).join(""));
  const [out, said] = await Promise.all([
    text(shell.stdout),
    text(shell.stderr),
    once(shell, "close"),
  ]);
  shells.delete(shell);
  return { printed: out.split(`${END}\n`).slice(0, -1), said };
}

/** What a ```text block promises: its lines, `…` for anything within a line. */
function promised({ text: lines }: Block): RegExp {
  const pattern = `${lines}\n`
    .split("…")
    .map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&"));
  return new RegExp(`^${pattern.join("[^\\n]*")}$`);
}

test("there is a recipe for each promise of the index", () => {
  expect(recipes.map(({ path }) => path)).toHaveLength(8);
});

describe.each(recipes)("$path", ({ path, blocks }) => {
  const pasted = shellBlocks(blocks);
  const followed = (block: Block) => {
    const next = blocks[blocks.indexOf(block) + 1];
    return next?.info === "text" ? next : undefined;
  };

  test("promises something", () => {
    expect(pasted.filter(followed).length).toBeGreaterThan(0);
  });

  test(
    "does by copy and paste what it says",
    async () => {
      const { printed = [], said } = (await runs.get(path)) ?? {};
      expect(printed.length, `blocks that ran; the shell said: ${said}`).toBe(pasted.length);
      for (const [index, block] of pasted.entries()) {
        const next = followed(block);
        if (next === undefined) continue;
        expect(printed[index], `line ${block.line}; the shell said: ${said}`).toMatch(
          promised(next),
        );
      }
    },
    RECIPE_MS,
  );
});
