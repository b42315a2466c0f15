import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach, describe, expect, test } from "vitest";

import { shellQuoted } from "../../../src/cli/text/shell-quote.ts";
import { folder, sy } from "./shell.ts";

let work: Awaited<ReturnType<typeof folder>>;
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});

interface Made {
  readonly token: string;
  readonly sha256: string;
  readonly name: string;
  readonly role: string;
  readonly scope: unknown;
  readonly install: string;
}

const create = async (...argv: string[]) => sy({ cwd: work.cwd }, "token", "create", ...argv);
async function made(...argv: string[]): Promise<Made> {
  const { code, out, err } = await create(...argv, "--json");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as Made;
}
const file = () => join(work.cwd, "tokens.json");
const entries = async () => JSON.parse(await readFile(file(), "utf8")) as Record<string, unknown>[];

/** What a shell hands to wrangler: the words of its command line, and what it reads. */
function installed({ install }: Made): { words: string; input: string } {
  const npx = `npx() { printf '%s ' "$@"; echo; cat; }`;
  const out = execFileSync("sh", ["-c", `${npx}\n${install}`], { cwd: work.cwd, encoding: "utf8" });
  const [words = "", ...input] = out.split("\n");
  return { words: words.trim(), input: input.join("\n") };
}

describe("token create", () => {
  test("makes a token of 256 random bits, and tells its digest and the entry for it", async () => {
    const one = await made("deploy", "--role", "write");
    expect(one.token).toMatch(/^sy_[\w-]{43}$/);
    expect(one.sha256).toBe(createHash("sha256").update(one.token).digest("hex"));
    expect(one).toMatchObject({ name: "deploy", role: "write", scope: "*" });
    expect((await made("deploy", "--role", "write")).token).not.toBe(one.token);
    const { out, err } = await create("ops", "--role", "operate");
    const [, token = "", digest] = /^token {3}(\S+)\ndigest {2}(\S+)\nentry /.exec(out) ?? [];
    expect(createHash("sha256").update(token).digest("hex")).toBe(digest);
    // Nothing on the way to a log of CI holds the token: stderr, and what is installed.
    expect(err).not.toContain(token);
  });

  test("tells a command that a shell runs as it is meant, whatever the name is", async () => {
    for (const name of ["deploy", "it's", "$(id)", "`id`", "$HOME", ";id", "#x", "\\", '"', "-n"]) {
      const argv = name.startsWith("-") ? ["--", name] : [name];
      const { code, out } = await sy(
        { cwd: work.cwd },
        "token",
        "create",
        "--role",
        "read",
        "--json",
        "--scope",
        "shop-*",
        "--scope",
        "-x",
        ...argv,
      );
      expect(code).toBe(0);
      const one = JSON.parse(out) as Made;
      const { words, input } = installed(one);
      expect(words).toBe("wrangler secret put ADMIN_TOKENS --config src/control/wrangler.toml");
      const { sha256 } = one;
      expect(JSON.parse(input)).toEqual([{ name, sha256, role: "read", scope: ["shop-*", "-x"] }]);
    }
  });

  test("adds to a file of entries, which holds no token and is its owner's alone", async () => {
    const first = await made("one", "--role", "read", "--file", "tokens.json");
    const second = await made("two", "--role", "write", "--file", "tokens.json");
    expect((await entries()).map(({ name }) => name)).toEqual(["one", "two"]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    const text = await readFile(file(), "utf8");
    expect(text).not.toContain(first.token);
    expect(text).not.toContain(second.token);
    expect(installed(second).input).toBe(text);
  });

  test("gives no name twice, and touches no file that it does not understand", async () => {
    await made("one", "--role", "read", "--file", "tokens.json");
    const before = await readFile(file(), "utf8");
    const again = await create("one", "--role", "write", "--file", "tokens.json");
    expect(again).toMatchObject({ code: 1, out: "" });
    expect(again.err).toContain('has a token called "one" already');
    expect(await readFile(file(), "utf8")).toBe(before);
    for (const text of ["{", "{}", '[{"name":"x"}]', '["x"]']) {
      await writeFile(file(), text);
      const refused = await create("two", "--role", "read", "--file", "tokens.json");
      expect(refused).toMatchObject({ code: 1, out: "" });
      expect(refused.err).toContain("is not a list of tokens");
      expect(await readFile(file(), "utf8")).toBe(text);
    }
  });

  test("shows no token where the file cannot be written, or is a link", async () => {
    await symlink("/etc/hosts", join(work.cwd, "link.json"));
    expect(await create("x", "--role", "read", "--file", "link.json")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("is a symbolic link") as string,
    });
    expect(await create("x", "--role", "read", "--file", "none/tokens.json")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("there is no ") as string,
    });
    // Root may write anywhere but among the kernel's own files.
    const closed = process.getuid?.() === 0 ? "/sys" : work.cwd;
    await chmod(work.cwd, 0o500);
    expect(
      await create("x", "--role", "read", "--file", join(closed, "tokens.json")),
    ).toMatchObject({ code: 1, out: "" });
    await chmod(work.cwd, 0o700);
  });

  test.each([
    [[], "needs a name"],
    [["deploy"], "needs a role"],
    [["deploy", "--role", "admin"], '"admin" is not a role; --role is one of read, operate, write'],
    [["a b", "--role", "read"], "1 to 64 visible ASCII characters"],
    [["\u001B[2J", "--role", "read"], "1 to 64 visible ASCII characters"],
    [["x".repeat(65), "--role", "read"], "1 to 64 visible ASCII characters"],
    [["deploy", "--role", "read", "--scope", ""], '"" covers no route key'],
    [["deploy", "--role", "read", "--scope", "a/b"], '"a/b" covers no route key'],
  ])("refuses %j", async (argv, said) => {
    const { code, out, err } = await create(...argv);
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toContain(said);
  });

  test("takes a name of the greatest length", async () => {
    expect((await made("x".repeat(64), "--role", "read")).name).toHaveLength(64);
  });

  test("is told apart from other words", async () => {
    expect(await sy({ cwd: work.cwd }, "token", "make", "x")).toMatchObject({
      code: 64,
      err: 'sy: "make" is not done with tokens; write sy token create, or sy token list\n',
    });
    expect(await sy({ cwd: work.cwd }, "token", "list", "x")).toMatchObject({ code: 64 });
  });
});

test("a word for a shell stays one word", () => {
  for (const word of ["", "a b", "it's", "$HOME", "a\nb", "*", "-x", "~"]) {
    const out = execFileSync("sh", ["-c", `printf %s ${shellQuoted(word)}`], { encoding: "utf8" });
    expect(out).toBe(word);
  }
});
