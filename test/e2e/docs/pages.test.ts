import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { startDemo, type Demo } from "../../support/demo.ts";
import { folder } from "../../unit/cli/shell.ts";
import { blocksOf, page } from "../../unit/docs/markdown.ts";
import { examplesIn, pathWithSy, typeAll } from "../cli/console.ts";

const ALL_MS = 120_000;

let work: Awaited<ReturnType<typeof folder>>;
let demo: Demo;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  [work, demo] = await Promise.all([folder(), startDemo()]);
  const XDG_CONFIG_HOME = join(work.cwd, ".config");
  env = { SY_URL: demo.control, PATH: await pathWithSy(work.cwd), XDG_CONFIG_HOME };
});

afterAll(async () => {
  await Promise.all([demo?.stop(), work?.remove()]);
});

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

// In this order: whoever is on call finds the demo as it starts.
test.each([
  ["docs/on-call.md", 12],
  ["README.md", 3],
])(
  "every command of %s prints what the page says",
  async (path, atLeast) => {
    const examples = examplesIn(page(path));
    expect(examples.length).toBeGreaterThanOrEqual(atLeast);
    await typeAll(examples, { cwd: work.cwd, env });
  },
  ALL_MS,
);

test(
  "ten minutes: what is typed here and now says what the page says, and leads to an origin of the reader's",
  async () => {
    const from = page("docs/ten-minutes.md");
    const cwd = join(work.cwd, "checkout");
    const origin = await ownOrigin();
    const [policy] = blocksOf(from, "json policy");
    await mkdir(cwd);
    await mkdir(join(work.cwd, "policies"));
    const text = policy?.text.replace("https://origin.example.com", origin) ?? "";
    await writeFile(join(work.cwd, "policies/shop.json"), text);
    const examples = examplesIn(from);
    expect(examples).toHaveLength(4);
    // The policy names a server of this machine, which is valid for no production.
    const [, ...others] = examples;
    await typeAll(others, { cwd, env });
    const answer = await fetch(`${demo.url}/shop/cart`);
    expect([answer.headers.get("x-route"), await answer.text()]).toEqual(["shop", "mine /cart"]);
    await writeFile(join(work.cwd, "policies/shop.json"), policy?.text ?? "");
    await typeAll(examples.slice(0, 1), { cwd, env });
  },
  ALL_MS,
);
