import { once } from "node:events";
import { chmod, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { DEMO_TOKEN } from "../../../src/cli/access/token.ts";
import { folder, sy, type Outcome } from "./shell.ts";

/** Stands for a gateway, and remembers who asked. */
interface Listener {
  readonly url: string;
  readonly seen: (string | undefined)[];
  readonly server: Server;
}

async function listen(): Promise<Listener> {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.setHeader("content-type", "application/json");
    response.end('{"routes":[],"cursor":null,"source":"hub"}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, seen, server };
}

let mine: Listener;
let theirs: Listener;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  [mine, theirs] = [await listen(), await listen()];
});
afterAll(() => {
  mine.server.close();
  theirs.server.close();
});
beforeEach(async () => {
  work = await folder();
  mine.seen.length = 0;
  theirs.seen.length = 0;
  return async () => work.remove();
});

const TOKEN = "a-token-of-mine";
const home = () => ({ XDG_CONFIG_HOME: join(work.cwd, "config") });
const file = () => join(work.cwd, "config/switchyard/logins.json");

async function type(
  env: Readonly<Record<string, string>>,
  stdin: string,
  ...argv: string[]
): Promise<Outcome> {
  return sy({ cwd: work.cwd, env: { ...home(), ...env }, stdin }, ...argv);
}
const login = async (...argv: string[]) => type({}, `${TOKEN}\n`, "login", "--no-check", ...argv);
const list = async (env: Readonly<Record<string, string>> = {}, ...argv: string[]) =>
  type(env, "", "list", ...argv);

async function project(settings: object): Promise<void> {
  await writeFile(join(work.cwd, ".switchyard.json"), JSON.stringify(settings));
}

describe("a token goes to the URL it was given for", () => {
  test("by login, kept for the user alone", async () => {
    expect(await login(`${mine.url}/`)).toEqual({
      code: 0,
      out: "",
      err: `the token for ${mine.url} is kept in ${file()}\n`,
    });
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect((await stat(join(work.cwd, "config/switchyard"))).mode & 0o777).toBe(0o700);
    expect((await list({ SY_URL: mine.url })).code).toBe(0);
    expect((await list({}, "--url", mine.url)).code).toBe(0);
    expect((await list({ SY_URL: theirs.url })).code).toBe(0);
    expect(mine.seen).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
    // Without a login this is a server on this machine, and gets what everybody knows.
    expect(theirs.seen).toEqual([`Bearer ${DEMO_TOKEN}`]);
    expect((await type({}, "", "logout", mine.url)).err).toBe(
      `the token for ${mine.url} is forgotten\n`,
    );
    await list({ SY_URL: mine.url });
    expect(mine.seen.at(-1)).toBe(`Bearer ${DEMO_TOKEN}`);
  });

  test("by SY_URL and SY_TOKEN together, and to no other URL", async () => {
    const env = { SY_URL: mine.url, SY_TOKEN: TOKEN };
    expect((await list(env)).code).toBe(0);
    expect((await list(env, "--url", `${mine.url}/`)).code).toBe(0);
    expect((await list(env, "--url", theirs.url)).code).toBe(0);
    expect(mine.seen).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
    expect(theirs.seen).toEqual([`Bearer ${DEMO_TOKEN}`]);
    expect(await list(env, "--url", "https://gateway.example.com")).toEqual({
      code: 1,
      out: "",
      err: "sy: there is no token for https://gateway.example.com; set SY_TOKEN beside SY_URL, or run: sy login https://gateway.example.com\n",
    });
  });

  test("by stdin, where the caller names the gateway", async () => {
    expect((await type({}, TOKEN, "list", "--url", mine.url, "--token-stdin")).code).toBe(0);
    expect(mine.seen).toEqual([`Bearer ${TOKEN}`]);
    await project({ url: theirs.url });
    expect(await type({}, TOKEN, "list", "--token-stdin")).toMatchObject({
      code: 64,
      err: "sy: --token-stdin needs the gateway it is for; add --url\n",
    });
    expect(await type({}, TOKEN, "import", "-", "--url", mine.url, "--token-stdin")).toMatchObject({
      code: 64,
      err: expect.stringContaining("cannot be both") as string,
    });
    expect(theirs.seen).toEqual([]);
  });

  test.each([".", "deep/er"])("never to what a file found in %s names", async (below) => {
    await project({ url: theirs.url });
    await mkdir(join(work.cwd, below), { recursive: true });
    const at = { cwd: join(work.cwd, below), env: { ...home(), SY_TOKEN: TOKEN } };
    expect(await sy(at, "list")).toEqual({
      code: 1,
      out: "",
      err: `sy: SY_TOKEN does not say which gateway it is for, and is not sent to ${theirs.url}; set SY_URL=${theirs.url} beside it, or run: sy login ${theirs.url}\n`,
    });
    await login(mine.url);
    expect((await sy({ ...at, env: home() }, "list")).code).toBe(0);
    expect(theirs.seen).toEqual([`Bearer ${DEMO_TOKEN}`]);
  });

  test("never without its URL", async () => {
    for (const more of [[], ["--url", theirs.url]])
      expect((await list({ SY_TOKEN: TOKEN }, ...more)).err).toMatch(
        /^sy: SY_TOKEN does not say which gateway it is for/,
      );
    expect(theirs.seen).toEqual([]);
  });

  test("and a project may name a login, or a gateway that has one", async () => {
    await login(mine.url, "--name", "production");
    await project({ environment: "production" });
    expect((await list()).code).toBe(0);
    await project({ url: `${mine.url}/` });
    expect((await list()).code).toBe(0);
    expect((await list({}, "--env", "production")).code).toBe(0);
    expect(mine.seen).toEqual(Array(3).fill(`Bearer ${TOKEN}`));
    await project({ environment: "staging" });
    expect((await list()).err).toBe(
      'sy: no gateway is called "staging" here; run: sy login URL --name staging\n',
    );
    expect((await login(theirs.url, "--name", "production")).err).toMatch(
      /^sy: "production" is http:\S+ already; run: sy logout/,
    );
  });

  test("settings are not looked for above the repository", async () => {
    await project({ url: "https://elsewhere.example.com" });
    await mkdir(join(work.cwd, "repository/.git"), { recursive: true });
    await mkdir(join(work.cwd, "repository/below"));
    const at = { cwd: join(work.cwd, "repository/below"), env: home() };
    expect((await sy(at, "list", "--url", mine.url)).code).toBe(0);
    expect((await sy(at, "validate")).err).toContain('there is no file or folder "policies"');
    await writeFile(join(work.cwd, "repository/.switchyard.json"), '{"policies": "mine"}');
    expect((await sy(at, "validate")).err).toContain('there is no file or folder "mine"');
  });
});

describe("the file of logins", () => {
  test("is refused where others may read it, and where it is garbled", async () => {
    await login(mine.url);
    await chmod(file(), 0o640);
    expect((await list({ SY_URL: mine.url })).err).toBe(
      `sy: ${file()} holds tokens, and others may read it; chmod 600 ${file()}\n`,
    );
    await chmod(file(), 0o600);
    await writeFile(file(), "{");
    expect((await list({ SY_URL: mine.url })).err).toMatch(/cannot be read; remove it, and log in/);
  });

  test("replaces a symbolic link in its place, and writes through none", async () => {
    const victim = join(work.cwd, "victim");
    await writeFile(victim, "precious");
    await mkdir(join(work.cwd, "config/switchyard"), { recursive: true });
    await symlink(victim, `${file()}.new`);
    expect((await login(mine.url)).code).toBe(0);
    expect(await readFile(victim, "utf8")).toBe("precious");
    expect((await stat(file())).isFile()).toBe(true);
  });

  test.each([
    [{ HOME: "" }, "there is no folder to keep a token in; set HOME or XDG_CONFIG_HOME"],
    [{ HOME: "relative" }, "there is no folder to keep a token in"],
  ])("with %j there is none", async (env, message) => {
    const { code, err } = await sy(
      { cwd: work.cwd, env, stdin: TOKEN },
      "login",
      "--no-check",
      "https://gateway.example.com",
    );
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  test("stands below the home folder where XDG_CONFIG_HOME is not absolute", async () => {
    const env = { HOME: work.cwd, XDG_CONFIG_HOME: "relative" };
    const { err } = await sy({ cwd: work.cwd, env, stdin: TOKEN }, "login", "--no-check", mine.url);
    expect(err).toContain(join(work.cwd, ".config/switchyard/logins.json"));
  });
});

test.each([
  ["https://gateway.example.com", "", "no token was given"],
  ["https://gateway.example.com", "two words", "what was given is not a token"],
  ["https://gateway.example.com", "x".repeat(513), "what was given is not a token"],
  ["http://gateway.example.com", TOKEN, "would get the token in the clear; use https://"],
  ["https://me:secret@gateway.example.com", TOKEN, "is not a URL of a gateway"],
  ["https://gateway.example.com/?a", TOKEN, "is not a URL of a gateway"],
])("login %s with %j says: %s", async (url, token, message) => {
  const { code, err } = await type({}, token, "login", "--no-check", url);
  expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  expect(err).not.toMatch(/x{513}|secret/);
});

test("takes a token of 512 characters, and knows no --token", async () => {
  expect((await type({}, "x".repeat(512), "login", "--no-check", mine.url)).code).toBe(0);
  expect((await list({}, "--token", TOKEN)).err).toMatch(/^sy: Unknown option '--token'/);
});
