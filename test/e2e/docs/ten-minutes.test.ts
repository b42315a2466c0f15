import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { readOptions } from "../../../.ci/deploy/options.ts";
import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { startDemo } from "../../support/demo.ts";
import { examplesIn, pathWithSy, typeAll } from "../cli/console.ts";
import { folder } from "../../unit/cli/shell.ts";
import { blocksOf, page, ROOT } from "../../unit/docs/markdown.ts";

const ALL_MS = 120_000;

/** A server of whoever reads the page. */
async function ownOrigin(): Promise<string> {
  const server = createServer((request, response) => response.end(`mine ${request.url}`));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it has no port");
  return `http://127.0.0.1:${address.port}`;
}

test(
  "ten minutes: what is typed here and now says what the page says, and leads to an origin of the reader's",
  async () => {
    const from = page("docs/ten-minutes.md");
    const work = await folder();
    const cwd = join(work.cwd, "checkout");
    const path = await pathWithSy(work.cwd);
    const origin = await ownOrigin();
    const [policy] = blocksOf(from, "json policy");
    await mkdir(cwd);
    await mkdir(join(work.cwd, "policies"));
    const text = policy?.text.replace("https://origin.example.com", origin) ?? "";
    await writeFile(join(work.cwd, "policies/shop.json"), text);
    const demo = await startDemo();
    try {
      const env = { SY_URL: demo.control, PATH: path, XDG_CONFIG_HOME: join(work.cwd, ".config") };
      const examples = examplesIn(from);
      expect(examples).toHaveLength(4);
      // The policy names a server of this machine, which is valid for no production.
      const [, ...others] = examples;
      await typeAll(others, { cwd, env });
      const answer = await fetch(`${demo.url}/shop/cart`);
      expect([answer.headers.get("x-route"), await answer.text()]).toEqual(["shop", "mine /cart"]);
      await writeFile(join(work.cwd, "policies/shop.json"), policy?.text ?? "");
      await typeAll(examples.slice(0, 1), { cwd, env });
    } finally {
      await demo.stop();
      await work.remove();
    }
  },
  ALL_MS,
);

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

const PROGRAM = /^(?:npm run|npm ci|npx wrangler|sy|curl|git|printf|KEY=)/;

/** Whether a line of the shell is made of programs, scripts, commands, options and files that are there. */
function isThere(line: string): boolean {
  const [, script, rest] = /^npm run ([\w:]+)(?: -- (.*))?$/.exec(line) ?? [];
  if (script !== undefined && !Object.hasOwn(scripts, script)) return false;
  if (script === "deploy" && readOptions(rest?.split(" ") ?? []).kind !== "deploy") return false;
  const [, command] = /^sy ([\w-]+)/.exec(line) ?? [];
  if (command !== undefined && !Object.hasOwn(COMMANDS, command)) return false;
  const files = [...line.matchAll(/--config (\S+)/g)].map(([, file = ""]) => file);
  return PROGRAM.test(line) && files.every((file) => existsSync(join(ROOT, file)));
}

test.each(["docs/ten-minutes.md", "docs/day-two.md"])(
  "%s: what needs an account is made of commands, options and files that are there",
  (path) => {
    const lines = blocksOf(page(path), "sh account").flatMap(({ text }) => text.trim().split("\n"));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !isThere(line))).toEqual([]);
  },
);

test.each([
  "npm run deplo",
  "npm run deploy -- --bakc",
  "sy doctr --url URL",
  "npx wrangler delete --config wrangle.toml",
  "rm -rf /",
])("%s would be told", (line) => {
  expect(isThere(line)).toBe(false);
});
