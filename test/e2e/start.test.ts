import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { isFree, LAST_LINE, plainEnv, startDemo, type Demo } from "../support/demo.ts";
import { openJar, openVisit, visit } from "../support/jar.ts";

const ROOT = join(import.meta.dirname, "../..");
const START = join(ROOT, "src/demo/start.ts");
/** A row of the printed table: URL, strategy, the origins that may answer. */
const ROW =
  /^ {2}http:\/\/(?<host>[a-z.]+):\d+(?<path>\/\S*) +(?<strategy>\S+) +(?<origins>[^:]+):/gm;

/** Whatever still runs: a test that fails may leave something behind. */
const children = new Set<ChildProcess>();

/** In a process group of its own, so that all of it can be ended. */
function run(command: string, args: readonly string[]) {
  const child = spawn(command, args, { cwd: ROOT, detached: true, env: plainEnv() });
  children.add(child);
  child.once("exit", () => children.delete(child));
  let printed = "";
  let complained = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
  return { child, printed: () => printed, complained: () => complained };
}

/** As `startDemo`, and ended with the tests. */
async function start(...command: [string, ...string[]]): Promise<Demo> {
  const started = await startDemo(command);
  children.add(started.child);
  started.child.once("exit", () => children.delete(started.child));
  return started;
}

/**
 * Below the ports that a system hands out by itself, so that none of the servers of other tests gets it by chance
 * while these tests stop a demo and start it again.
 */
const LOWEST_PORT = 10_000;
const PAIRS = 5000;

/** The demo on a port that it was told: the first one that it finds free, with the one after it. Without visitors, who would take a core's fifth all the while. */
async function startOnOwnPort(): Promise<Demo> {
  for (let n = process.pid; ; n += 1) {
    const wanted = LOWEST_PORT + 2 * (n % PAIRS);
    const started = start("npm", "start", "--", "--no-traffic", "--port", String(wanted));
    const refusal = await started.then(
      () => "",
      (error: unknown) => String(error),
    );
    if (!refusal.includes("is in use")) return started;
  }
}

async function end(child: ChildProcess, signal: "SIGINT" | "SIGTERM"): Promise<unknown> {
  const exited = once(child, "exit");
  process.kill(-(child.pid ?? 0), signal);
  const [code] = (await exited) as unknown[];
  return code;
}

/** What a run that does not start says, and its exit code. */
async function refused(...args: string[]): Promise<{ code: unknown; out: string; said: string }> {
  const { child, printed, complained } = run(process.execPath, [START, ...args]);
  const [code] = (await once(child, "close")) as unknown[];
  return { code, out: printed(), said: complained() };
}

let port: number;
let gateway: string;
let demo: Demo;

beforeAll(async () => {
  demo = await startOnOwnPort();
  port = demo.port;
  gateway = demo.url;
});

afterAll(async () => {
  await Promise.all([...children].map(async (child) => end(child, "SIGTERM")));
});

const originAt = async (host: string, path = "/", options: Parameters<typeof visit>[1] = {}) =>
  ((await visit(gateway + path, { host, ...options })).json() as { origin: string }).origin;

/** What a start complains of; npm may do so about this machine's own npmrc. */
const complaints = (of: Demo) =>
  of
    .complained()
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("npm warn"));

describe("npm start", () => {
  test("is ready in a few seconds, and nothing in its output alarms", () => {
    const [, seconds] = /ready on port .* after ([\d.]+) s/.exec(demo.printed()) ?? [];
    expect(Number(seconds)).toBeLessThan(20);
    expect(complaints(demo)).toEqual([]);
    expect(demo.printed()).not.toMatch(/warn|error|fail|unable|telemetry|update available/i);
  });

  test("prints URLs for every strategy and both kinds of tenant, and each shows what it says", async () => {
    const rows = [...demo.printed().matchAll(ROW)].map(({ groups = {} }) => groups);
    expect(rows).toHaveLength(11);
    expect(new Set(rows.map((row) => row["strategy"]))).toEqual(
      new Set(["single", "weighted", "canary", "blue-green", "path-map"]),
    );
    expect(rows.filter((row) => row["host"] === "localhost")).toHaveLength(2);
    for (const { host = "", path = "", origins = "" } of rows) {
      const seen = await visit(gateway + path, { host: `${host}:${port}` });
      expect([host, path, seen.status, seen.header("x-served-by")]).toEqual([
        host,
        path,
        200,
        "switchyard",
      ]);
      expect(origins.split(/, | or /)).toContain((seen.json() as { origin: string }).origin);
    }
  });

  test("shows a page to browsers, with the origin's name, the path and the headers it got", async () => {
    const seen = await visit(`${gateway}/api/items?q=1`, {
      host: "shop.localhost",
      headers: { accept: "text/html,*/*", "x-note": "<b>&" },
    });
    expect(seen.header("content-type")).toMatch(/^text\/html/);
    expect(seen.text()).toMatch(
      /<h1>shop-api<\/h1>[^]*GET \/items\?q=1<[^]*<th>x-note<td>&#60;b&#62;&#38;\n/,
    );
  });

  test("keeps a visitor with a cookie on one variant, and spreads visitors without", async () => {
    const jar = openJar();
    const returning = new Set<string>();
    const passing = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      returning.add(await originAt("ab.localhost", "/", { jar }));
      passing.add(await originAt("ab.localhost"));
    }
    expect(returning.size).toBe(1);
    expect(passing.size).toBeGreaterThan(1);
  });

  test("has /events, /redirect, /cookies and /slow below each URL", async () => {
    const host = `localhost:${port}`;
    const events = await openVisit(`${gateway}/storefrontA/events`, { host });
    const [first] = (await once(events.stream, "data")) as [Buffer];
    expect(first.toString()).toBe('id: 1\ndata: {"origin":"storefrontA","event":1}\n\n');
    events.stream.destroy();

    const redirect = await visit(`${gateway}/storefrontA/redirect`, { host });
    expect([redirect.status, redirect.header("location")]).toEqual([
      302,
      `http://${host}/storefrontA/landed`,
    ]);
    const cookies = await visit(`${gateway}/storefrontA/cookies`, { host });
    expect(cookies.headers["set-cookie"]).toHaveLength(2);
    const before = performance.now();
    expect(await originAt(host, "/storefrontA/slow?ms=300")).toBe("storefrontA");
    expect(performance.now() - before).toBeGreaterThan(290);
  });

  test("says that no visitors are made up where none are wanted", () => {
    expect(demo.printed()).toContain("\nNo visitors are made up: whoever comes is you.\n");
  });

  test("says how to change a policy while it runs, and that works as printed", async () => {
    const [line = ""] = LAST_LINE.exec(demo.printed()) ?? [];
    expect(await originAt("bluegreen.localhost")).toBe("blue");
    // It is taken into the history, so that nothing stands in the way of the next command.
    expect(line).toContain("sy -- adopt bluegreen.localhost");
    const put = run("sh", ["-c", `npx wrangler${line}`]);
    expect(await once(put.child, "exit")).toEqual([0, null]);
    await expect
      .poll(async () => originAt("bluegreen.localhost"), { timeout: 10_000 })
      .toBe("green");

    const [explorer = ""] = /http:\S+explorer/.exec(demo.printed()) ?? [];
    const page = await visit(explorer.replace("localhost", "127.0.0.1"), {
      host: `localhost:${port}`,
    });
    expect([page.status, page.text().includes("Explorer")]).toEqual([200, true]);
  });

  test("says how sy changes one, with its history, and that works as printed", async () => {
    const [, lines = ""] = /control plane at \S+:\n\n([^]*?)\n\n/.exec(demo.printed()) ?? [];
    const typed = run("sh", ["-ec", lines]);
    expect(await once(typed.child, "exit")).toEqual([0, null]);
    expect(typed.printed()).toMatch(/^bluegreen\.localhost {2}version \d+ {2}published\n/);
    expect(typed.printed()).toContain("green → blue");
  });

  test("shows what KV holds in the explorer", async () => {
    const seen = await visit(`${gateway}/cdn-cgi/local/explorer/api/local/workers`, {
      host: `localhost:${port}`,
    });
    const { result } = seen.json() as { result: { name: string; bindings: unknown }[] };
    const kv = { kv: [{ bindingName: "ROUTING_CONFIG" }] };
    expect(result.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: "switchyard", bindings: kv },
      { name: "switchyard-gateway", bindings: kv },
    ]);
  });

  test("says in one line that the port is in use, and what to do", async () => {
    const line = `Port ${port} is in use. Choose another: npm start -- --port ${port + 1}\n`;
    expect(await refused("--port", String(port))).toEqual({ code: 1, out: "", said: line });
    expect(await originAt("single.localhost")).toBe("single");
  });

  test.each([
    [["--port", "65535"], '--port must be a whole number from 0 to 65534, not "65535".'],
    [["--port", "-1"], '--port must be a whole number from 0 to 65534, not "-1".'],
    [["--port", "8e3"], '--port must be a whole number from 0 to 65534, not "8e3".'],
    [["--seed", "-1"], '--seed must be a whole number from 0 to 4294967295, not "-1".'],
    [
      ["--seed", "4294967296"],
      '--seed must be a whole number from 0 to 4294967295, not "4294967296".',
    ],
    [["--prt", "9000"], "Unknown option '--prt'."],
    [["9000"], "Unexpected argument '9000'."],
  ])("says in one line what is wrong with %j", async (args, reason) => {
    const said = `${reason} See: npm start -- --help\n`;
    expect(await refused(...args)).toEqual({ code: 1, out: "", said });
  });

  test("explains itself with --help", async () => {
    const { code, out, said } = await refused("--help");
    expect([code, said]).toEqual([0, ""]);
    expect(out).toContain("--port <number>");
  });

  test("stops at Ctrl-C, an open stream too, and frees the port", async () => {
    const events = await openVisit(`${gateway}/events`, { host: "single.localhost" });
    const cut = text(events.stream).catch(() => "cut");
    await end(demo.child, "SIGINT");
    await cut;
    // npm may end before what it started.
    for (const one of [port, port + 1])
      await expect.poll(async () => isFree(one), { timeout: 5_000 }).toBe(true);
  });

  /** Whether both ports are free: they are the runtimes', processes of their own. */
  const areFree = async () => (await isFree(port)) && (await isFree(port + 1));

  test("starts afresh on the same port, and leaves nothing behind when it is killed hard", async () => {
    const [, folder = ""] = / --persist-to (\S+)/.exec(demo.printed()) ?? [];
    const leftOver = join(ROOT, folder, "left-over");
    await writeFile(leftOver, "from the start before");
    demo = await start(process.execPath, START, "--port", String(port));
    expect(existsSync(leftOver)).toBe(false);
    expect(await originAt("bluegreen.localhost")).toBe("blue");
    demo.child.kill("SIGKILL");
    await expect.poll(areFree, { timeout: 10_000 }).toBe(true);
  });

  test("says that visitors are made up, and how to have none, and leaves nothing behind when npm is killed hard", async () => {
    demo = await start("npm", "start", "--", "--port", String(port));
    expect(complaints(demo)).toEqual([]);
    expect(demo.printed()).toMatch(
      /^Visitors are made up, and so is what they buy: [^]* npm start -- --no-traffic\. [^]*\n\n {2}SY_URL=http:\S+ npm run -s sy -- watch ab\.localhost\n/m,
    );
    demo.child.kill("SIGKILL");
    await expect.poll(areFree, { timeout: 10_000 }).toBe(true);
  });
});
