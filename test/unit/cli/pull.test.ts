import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";

import { create, update } from "../../../src/cli/pull/write.ts";
import { changedYaml } from "../../../src/cli/pull/yaml.ts";
import { check } from "../../support/property.ts";
import { folder, sy } from "./shell.ts";
import { standIn } from "./stand-in.ts";

let work: Awaited<ReturnType<typeof folder>>;
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});

describe("a YAML file that is made to say something else", () => {
  test("keeps its comments, its order and its quotes", () => {
    const text = `# The shop
strategy: canary
stable: "https://v1.example" # for ever
canary: https://v2.example

# Slowly!
percent: 5 # of all
old: true
`;
    const to = {
      strategy: "canary",
      stable: "https://v1.example",
      canary: "https://v3.example",
      percent: 25,
      sticky: { by: ["ip"] },
    };
    expect(changedYaml(text, to)).toBe(`# The shop
strategy: canary
stable: "https://v1.example" # for ever
canary: https://v3.example

# Slowly!
percent: 25 # of all
sticky:
  by:
    - ip
`);
  });

  test.each([
    ["aliases", "a: &x {n: 1}\nb: *x\n"],
    ["a scalar", '"https://a.example"\n'],
    ["what is not YAML", "a: [1\n"],
    ["nothing", ""],
  ])("is written anew where it has %s", (_, text) => {
    const to = { a: { n: 2 }, b: { n: 1 } };
    expect(parse(changedYaml(text, to))).toEqual(to);
  });

  test("says just that, whatever it said", () => {
    const value = fc.dictionary(
      fc
        .string({ minLength: 1, maxLength: 5 })
        .filter((name) => !["__proto__", "<<"].includes(name)),
      fc.jsonValue({ maxDepth: 2 }),
    );
    check(
      fc.property(value, value, (from, to) => {
        const json = JSON.parse(JSON.stringify(to)) as unknown;
        expect(parse(changedYaml(JSON.stringify(from), json))).toEqual(json);
        expect(parse(changedYaml(changedYaml("", from), json))).toEqual(json);
      }),
    );
  });
});

describe("writing", () => {
  test("overwrites nothing that is there where it makes a file, and follows no link", async () => {
    const path = join(work.cwd, "a.json");
    await create(path, { a: 1 });
    await expect(create(path, { a: 2 })).rejects.toMatchObject({ code: "EEXIST" });
    await writeFile(join(work.cwd, "victim"), "precious");
    await symlink(join(work.cwd, "victim"), join(work.cwd, "b.json"));
    await expect(create(join(work.cwd, "b.json"), {})).rejects.toMatchObject({ code: "EEXIST" });
    await expect(update(join(work.cwd, "b.json"), {})).rejects.toThrow("is a symbolic link");
    await symlink(join(work.cwd, "victim"), `${path}.new`);
    await update(path, { a: 3 });
    expect(await readFile(join(work.cwd, "victim"), "utf8")).toBe("precious");
    expect(await readFile(path, "utf8")).toBe('{\n  "a": 3\n}\n');
    expect((await readdir(work.cwd)).toSorted()).toEqual(["a.json", "b.json", "victim"]);
  });

  test("keeps who may read it", async () => {
    const path = join(work.cwd, "a.json");
    await create(path, {});
    await chmod(path, 0o640);
    await update(path, { a: 1 });
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });
});

test("what is not a key is not a name of a file, whoever says it", async () => {
  const route = (key: string) => ({
    key,
    version: 1,
    published: 1,
    policy: { strategy: "single", origin: "https://o.example.com" },
    author: null,
    at: null,
    note: "",
    action: null,
    publishing: { attempts: 0, retryAt: null },
    drift: null,
  });
  const keys = ["../evil", "/etc/evil", "a/../../evil", "..", "\u001B[2J", "good"];
  const control = await standIn((path) =>
    path.startsWith("/v1/routes?")
      ? { body: { routes: keys.map((key) => ({ key, version: 1 })), cursor: null, source: "hub" } }
      : // Nor does it matter whose route it says it is.
        { body: route("../evil") },
  );
  await mkdir(join(work.cwd, "deep/policies"), { recursive: true });
  const env = { SY_URL: control.url, XDG_CONFIG_HOME: work.cwd };
  const cwd = join(work.cwd, "deep");
  expect(await sy({ cwd, env }, "pull")).toMatchObject({
    code: 0,
    out: "+ policies/good.json  version 1\n1 new\n",
  });
  expect(await readdir(join(work.cwd, "deep/policies"))).toEqual(["good.json"]);
  expect((await readdir(work.cwd)).toSorted()).toEqual(["deep"]);
  await control.close();
});
