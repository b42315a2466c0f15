import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RELEASE } from "../../../src/lib/release.ts";
import { ROOT, run } from "./typed.ts";

/** An empty machine: a home of its own, a cache of its own, and no registry that answers. */
let machine: string;
let project: string;
let env: Record<string, string>;
let files: string[];

/** `sy` as the package puts it there. */
const sy = async (...args: string[]) =>
  run(join(project, "node_modules/.bin/sy"), args, { env, cwd: project });

/** Runs a program that has to succeed, and gives what it prints. */
async function well(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, out, err } = await run(command, args, { env, cwd });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}: ${out}${err}`);
  return out;
}

beforeAll(async () => {
  machine = await mkdtemp(join(tmpdir(), "sy-package-"));
  project = join(machine, "project");
  await mkdir(project);
  env = {
    HOME: machine,
    XDG_CONFIG_HOME: join(machine, "config"),
    XDG_CACHE_HOME: join(machine, "caches"),
    npm_config_cache: join(machine, "npm"),
    npm_config_registry: "http://127.0.0.1:9",
  };
  const packed = await well("npm", ["pack", "--json", "--pack-destination", machine], ROOT);
  const told = JSON.parse(packed.slice(packed.indexOf("[\n"))) as {
    files: { path: string }[];
  }[];
  files = told.flatMap((one) => one.files.map(({ path }) => path));
  const tarball = join(machine, `switchyard-${RELEASE}.tgz`);
  await well("npm", ["install", "--offline", tarball], project);
});
afterAll(async () => rm(machine, { recursive: true, force: true }));

describe("the package of npm pack", () => {
  test("has what sy needs, and no more", () => {
    expect(files.toSorted()).toEqual([
      "LICENSE",
      "README.md",
      "dist/sy.licenses.txt",
      "dist/sy.mjs",
      "package.json",
      "src/cli/compile-cache.cjs",
      "src/cli/require-node.cjs",
      "src/cli/sy.cjs",
    ]);
  });

  test("needs no other package, and names the licences of what is in it", async () => {
    const about = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as object;
    expect(about).not.toHaveProperty("dependencies");
    expect(about).not.toHaveProperty("optionalDependencies");
    const licences = await readFile(
      join(project, "node_modules/switchyard/dist/sy.licenses.txt"),
      "utf8",
    );
    for (const name of ["citty", "valibot", "yaml"])
      expect(licences).toMatch(new RegExp(`^${name}\\n\\n[^]*Permission`, "m"));
  });

  test("runs in an empty folder, without a network", async () => {
    expect(await sy("--version")).toEqual({ code: 0, out: `${RELEASE}\n`, err: "" });
    const { code, out } = await sy("help");
    expect(code).toBe(0);
    expect(out).toContain("Usage: sy <command> [options]");
    expect((await sy("apply", "--help")).out).toContain("USAGE sy apply");
    // The folder is the user's own, wherever the package lies.
    expect(await sy("init")).toMatchObject({ code: 0, err: "" });
    expect(await sy("validate")).toEqual({ code: 0, out: "1 policy valid\n", err: "" });
    expect((await sy("simulate", "policies/shop.example.com.yaml")).out).toContain("stable");
    expect(await sy("list", "--url", "http://127.0.0.1:9")).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing answers at http://127.0.0.1:9") as string,
    });
  });
});
