import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { describe, expect, onTestFinished, test } from "vitest";

import { loadedFrom, SRC } from "../house/loaded.ts";
import { plainEnv } from "../../support/demo.ts";
import { standIn } from "./stand-in.ts";

/** The registries of the policy language, and all that is made of them: two thirds of all that `sy` could load. */
const LANGUAGE =
  /^policy\/(?:language\.ts|(?:strategies|fields|conditions|predicates)\/|actions\/(?!names\.ts))/;

/** What holds the schemas of a resource of the API: all there is in its room but these. */
const CONTRACT = /^api\/(?!client\/|(?:base|definition|limits|ramp-words)\.ts)/;

/** Commands that read policies whatever they are asked for. */
const READERS = new Set(["apply", "plan", "pull", "simulate", "validate"]);

/** More files than the heaviest of the other commands loads before it runs: with the policy language each loads 130 and more. */
const MAX_FILES = 75;

const commands = globSync("*.ts", { cwd: join(SRC, "cli/commands") }).map((file) =>
  basename(file, ".ts"),
);

const loadedBy = (command: string) => [...loadedFrom(`cli/commands/${command}.ts`)];

/** Every file of ours that a `sy` loads until it ends, in a process of its own. */
async function loadedIn(url: string, ...argv: string[]): Promise<string[]> {
  const tell = `import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`;
  const child = spawn(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(tell)}`,
      join(SRC, "cli/sy.cjs"),
      ...argv,
    ],
    { env: plainEnv({ SY_URL: url, SY_TOKEN: "token" }), stdio: ["ignore", "pipe", "pipe"] },
  );
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  expect([code, out]).toEqual([0, "route             version\nshop.example.com  1\n"]);
  return err
    .split("\n")
    .filter((line) => line.startsWith("file:"))
    .map((line) => relative(SRC, fileURLToPath(line)));
}

describe("whoever types a command waits for what that one needs", () => {
  test.each(commands.filter((command) => !READERS.has(command)))(
    "%s begins without the policy language, and without the schemas of answers",
    (command) => {
      const loaded = loadedBy(command);
      expect(loaded.filter((file) => LANGUAGE.test(file) || CONTRACT.test(file))).toEqual([]);
      expect(loaded.length).toBeLessThanOrEqual(MAX_FILES);
    },
  );

  test.each([...READERS])("%s reads policies, and so loads their language", (command) => {
    expect(loadedBy(command)).toContain("policy/language.ts");
  });

  test("a list loads the schemas of the routes it gets, and of nothing else", async () => {
    const routes = [{ key: "shop.example.com", version: 1 }];
    const server = await standIn(() => ({ body: { routes, cursor: null, source: "hub" } }));
    onTestFinished(server.close);
    const loaded = await loadedIn(server.url, "list");
    expect(loaded).toContain("cli/commands/list.ts");
    expect(loaded.filter((file) => LANGUAGE.test(file))).toEqual([]);
    const schemas = loaded.filter((file) => CONTRACT.test(file));
    expect(schemas.toSorted()).toEqual(["api/edited.ts", "api/routes.ts", "api/shared.ts"]);
  });
});
