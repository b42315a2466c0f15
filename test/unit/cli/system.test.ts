import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { beforeEach, describe, expect, test } from "vitest";

import PACKAGE from "../../../package.json" with { type: "json" };
import { createPrivate, openForAppend, replacePrivate } from "../../../src/cli/files/write.ts";
import { systemFailure } from "../../../src/cli/system-failure.ts";
import { checkpointOf, writeCheckpoint } from "../../../src/cli/transfer/checkpoint.ts";
import { folder, sy } from "./shell.ts";

const ROOT = join(import.meta.dirname, "../../..");
const SY = join(ROOT, "src/cli/sy.cjs");
/** The user "nobody" of most systems. */
const NOBODY = 65_534;
/** What Linux lets be written and not read, by root neither. */
const WRITE_ONLY = "/proc/sys/vm/drop_caches";

let work: Awaited<ReturnType<typeof folder>>;
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});
const type = async (...argv: string[]) => sy({ cwd: work.cwd, env: {} }, ...argv);

describe("what the operating system refuses is told in plain words", () => {
  test.each([
    [["validate", "a/b.json"], 'there is no file or folder "a/b.json"; check the path'],
    [["validate", "file.json/x"], 'there is no file or folder "file.json/x"; check the path'],
    [["import", "folder"], /^sy: "\S+folder" is a folder; name a file\n$/],
    [["import", "nowhere"], /^sy: there is no file "\S+nowhere"; check the path\n$/],
    [["import", "/dev/null"], /^sy: "\/dev\/null" is not a regular file; pipe it in instead/],
    [["validate", "round.json"], /^sy: "\S+round.json" is a symbolic link that leads in a circle/],
    [["validate", "two.yaml"], "begins a second document; give each policy a file of its own"],
    [["init", "file.json/x"], /^sy: a part of "\S+" is not a folder; check the path\n$/],
    [["validate", `${"x".repeat(300)}.json`], /^sy: the name of "\S+" is too long; choose a/],
    [["export", "folder"], 'sy: "folder" is there already; remove it, or choose another name'],
    [["export", "nowhere/x"], /^sy: there is no "\S+nowhere\/x"; check the path\n$/],
    [["export", "link"], 'sy: "link" is there already; remove it, or choose another name'],
    [["init"], /^sy: "\S+policies" is a symbolic link; name the folder that it leads to\n$/],
  ])("%j", async (argv, message) => {
    await mkdir(join(work.cwd, "folder"));
    await writeFile(join(work.cwd, "file.json"), "{}");
    await writeFile(join(work.cwd, "two.yaml"), "origin: https://a.example\n---\norigin: x\n");
    await symlink(join(work.cwd, "round.json"), join(work.cwd, "round.json"));
    await symlink(join(work.cwd, "victim"), join(work.cwd, "link"));
    await symlink(join(work.cwd, "folder"), join(work.cwd, "policies"));
    const { code, out, err } = await type(...argv);
    expect(code).toBe(1);
    expect(err || out).toMatch(message);
    expect(await readdir(work.cwd)).not.toContain("victim");
  });

  test.each([
    ["EACCES", 'you may not use "/a/b"; change its permissions, or choose another place'],
    ["EROFS", '"/a/b" cannot be written: its file system is read-only; choose another place'],
    ["ENOSPC", 'no space is left for "/a/b"; make room, and run it again'],
    ["EMFILE", "too many files are open; raise the limit (ulimit -n)"],
    ["EPIPE", "whoever read the output has gone; leave the pipe open to the end"],
    ["EWEIRD", "the system refuses open: EWEIRD: no words; look up what it says"],
  ])("%s", (code, line) => {
    const error = Object.assign(new Error(`${code}: no words`), {
      code,
      path: "/a/b",
      syscall: "open",
    });
    const failure = systemFailure(error);
    expect(`${failure?.message}; ${failure?.fix}`).toBe(line);
    expect(failure?.code).toBe("system");
  });

  test("any other error stays what it is", () => {
    expect(systemFailure(new Error("EACCES"))).toBeUndefined();
    expect(systemFailure("EACCES")).toBeUndefined();
    expect(
      systemFailure(Object.assign(new Error(), { code: "ERR_PARSE_ARGS_UNKNOWN_OPTION" })),
    ).toBeUndefined();
  });
});

describe("files that sy writes", () => {
  test("are the user's alone, new, and never reached through a link", async () => {
    const victim = join(work.cwd, "victim");
    await writeFile(victim, "precious");
    const link = join(work.cwd, "link");
    await symlink(victim, link);
    await expect(createPrivate(link)).rejects.toMatchObject({ code: "EEXIST" });
    await expect(openForAppend(link)).rejects.toMatchObject({ code: "ELOOP" });
    await replacePrivate(link, "ours");
    expect(await readFile(link, "utf8")).toBe("ours");
    expect((await stat(link)).mode & 0o777).toBe(0o600);
    const handle = await createPrivate(join(work.cwd, "new"));
    expect((await handle.stat()).mode & 0o777).toBe(0o600);
    await handle.close();
    const checkpoint = checkpointOf(join(work.cwd, "x"), "export");
    await symlink(victim, checkpoint);
    await symlink(victim, `${checkpoint}.new`);
    await writeCheckpoint(checkpoint, { url: "http://x", offset: 0, routes: 0 });
    expect((await stat(checkpoint)).mode & 0o777).toBe(0o600);
    expect(await readFile(victim, "utf8")).toBe("precious");
  });
});

/** Runs a program in the work folder, as `uid` where that is given. */
async function run(command: string, args: readonly string[], uid?: number) {
  const child = spawn(command, args, { cwd: work.cwd, ...(uid === undefined ? {} : { uid }) });
  child.stdin.end();
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { code, out, err };
}

/** Whether "nobody" may read this checkout, which may lie in the home folder of root. */
async function isReadByNobody(): Promise<boolean> {
  const read = await run(
    process.execPath,
    ["-e", `fs.readFileSync(${JSON.stringify(SY)})`],
    NOBODY,
  ).catch(() => undefined);
  return read?.code === 0;
}

describe("a process of its own", () => {
  test("says its version, and is executable as it is checked in", async () => {
    expect(await run(process.execPath, [SY, "--version"])).toEqual({
      code: 0,
      out: `${PACKAGE.version}\n`,
      err: "",
    });
    expect((await stat(SY)).mode & 0o111).not.toBe(0);
    expect(PACKAGE.bin.sy).toBe("src/cli/sy.cjs");
  });

  test("says what is the matter where a file may not be read", async () => {
    const file = join(work.cwd, "shop.json");
    await chmod(work.cwd, 0o755);
    // Root may read everything but what nobody may.
    const isRoot = process.getuid?.() === 0;
    const uid = isRoot && (await isReadByNobody()) ? NOBODY : undefined;
    if (isRoot && uid === undefined) await symlink(WRITE_ONLY, file);
    else {
      await writeFile(file, '{"origin": "https://x.example.com"}');
      await chmod(file, 0o000);
    }
    const { code, err } = await run(process.execPath, [SY, "validate", "shop.json"], uid);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^sy: you may not use "\S+shop\.json"; change its permissions/),
    ]);
  });

  test("says that the disk is full, and nothing where nobody reads on", async () => {
    const sh = async (line: string) => run("sh", ["-c", line, process.execPath, SY]);
    const full = await sh('"$0" "$1" --help > /dev/full');
    expect(full).toEqual({
      code: 1,
      out: "",
      err: "sy: no space is left for what is written; make room, and run it again\n",
    });
    expect(await sh('"$0" "$1" --help | true')).toEqual({ code: 0, out: "", err: "" });
  });

  test.each([
    ["sy", [SY, "list"]],
    ["npm start", ["-r", join(ROOT, "src/cli/require-node.cjs"), join(ROOT, "src/demo/start.ts")]],
  ])("%s says which Node it needs, where the Node is too old", async (_name, args) => {
    // The same script under a Node that says it is an old one.
    const old = join(work.cwd, "old.cjs");
    await writeFile(
      old,
      'Object.defineProperty(process.versions, "node", { value: "20.19.5", enumerable: true });',
    );
    const { code, out, err } = await run(process.execPath, ["-r", old, ...args]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^Switchyard needs Node 24 or newer, and this is 20\.19\.5; install it/);
    expect(err).not.toMatch(/\n./);
  });
});

describe("what Node compiles of sy is kept", () => {
  const started = async (env: Readonly<Record<string, string>>) => {
    const child = spawn(process.execPath, [SY, "--version"], { cwd: work.cwd, env });
    const [[code]] = await Promise.all([
      once(child, "close") as Promise<[number]>,
      text(child.stdout),
    ]);
    return code;
  };

  test("in the user's own folder for such things", async () => {
    expect(await started({ XDG_CACHE_HOME: join(work.cwd, "caches") })).toBe(0);
    expect(await readdir(join(work.cwd, "caches"))).toEqual(["switchyard"]);
    expect(await readdir(join(work.cwd, "caches/switchyard"))).toHaveLength(1);
  });

  test("below the home folder where XDG_CACHE_HOME is not absolute, and nowhere without a home", async () => {
    const TMPDIR = join(work.cwd, "tmp");
    await mkdir(TMPDIR);
    expect(await started({ XDG_CACHE_HOME: "relative", HOME: work.cwd, TMPDIR })).toBe(0);
    expect(await readdir(join(work.cwd, ".cache"))).toEqual(["switchyard"]);
    expect(await started({ XDG_CACHE_HOME: "relative", HOME: "", TMPDIR })).toBe(0);
    expect([await readdir(TMPDIR), await readdir(work.cwd)]).toEqual([[], [".cache", "tmp"]]);
  });

  test("and a folder that cannot be written is no matter", async () => {
    await writeFile(join(work.cwd, "file"), "");
    expect(await started({ XDG_CACHE_HOME: join(work.cwd, "file") })).toBe(0);
  });
});

test("the scripts of package.json check Node's version before they load TypeScript", () => {
  const { start, sy: command } = PACKAGE.scripts;
  expect(start).toContain("-r ./src/cli/require-node.cjs");
  expect(command).toBe("node src/cli/sy.cjs");
  expect(PACKAGE.engines.node).toBe(`>=${PACKAGE.devDependencies.node.split(".")[0]}`);
});
