import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { blocksOf, type Block, PAGES, ROOT } from "../../unit/docs/markdown.ts";

/** Wrangler starts once for each `edit`, and a switch, a drain and a lease take their time. */
const RECIPE_MS = 180_000;

/** Until the demo is up, on a busy machine. */
const READY_MS = 50_000;

const recipes = PAGES.filter(({ path }) => path.startsWith("docs/recipes/")).map((page) => ({
  path: page.path,
  blocks: blocksOf(page),
}));

/** A terminal as a user has it, without what the tests set to keep the tools quiet. */
function plainEnv(): NodeJS.ProcessEnv {
  const own = /^(?:WRANGLER_|CLOUDFLARE_|X_LOCAL_|VITEST|NODE_ENV)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

let port: number;
let demo: ChildProcess;
const shells = new Set<ChildProcess>();

async function ready(): Promise<void> {
  let said = "";
  for (const stream of [demo.stdout, demo.stderr])
    stream?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  await vi.waitUntil(() => said.includes("Switchyard is ready"), { timeout: READY_MS });
}

beforeAll(async () => {
  port = await freePort();
  // In a process group of its own, so that all of it can be ended.
  demo = spawn("npm", ["start", "--", "--port", String(port)], {
    cwd: ROOT,
    detached: true,
    env: plainEnv(),
  });
  await ready();
  // Those that wait for the clock run beside the others, which may share a key and so come one after another.
  let last: Promise<unknown> = Promise.resolve();
  for (const { path, blocks } of recipes) {
    const pasted = shellBlocks(blocks).map((block) => block.text);
    const waits = pasted.some((block) => block.startsWith("until "));
    const run = waits ? paste(pasted) : last.then(async () => paste(pasted));
    if (!waits) last = run;
    runs.set(path, run);
  }
});

afterAll(async () => {
  for (const shell of shells) shell.kill();
  const exited = once(demo, "exit");
  process.kill(-(demo.pid ?? 0), "SIGTERM");
  await exited;
});

interface Pasted {
  /** Of each block that ran to its end. */
  readonly printed: readonly string[];
  /** On the error stream: wrangler's words, and why a block failed. */
  readonly said: string;
}

const runs = new Map<string, Promise<Pasted>>();

const shellBlocks = (blocks: readonly Block[]) => blocks.filter(({ info }) => info === "sh");

const END = "--- end of block";

/** Runs blocks one after another in one shell, as they are pasted; gives what each one printed. */
async function paste(blocks: readonly string[]): Promise<Pasted> {
  const shell = spawn("bash", ["-e"], {
    cwd: ROOT,
    env: { ...plainEnv(), PORT: String(port) },
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
  expect(recipes.map(({ path }) => path)).toHaveLength(6);
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
