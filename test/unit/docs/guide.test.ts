import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { MIN_SECRET_CHARS } from "../../../src/config/vars.ts";
import { RECORD_VERSION } from "../../../src/gateway/record/record.ts";
import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import { PolicyCache } from "../../../src/gateway/load/policy-cache.ts";
import { workerPlatform } from "../../../src/gateway/platform.ts";
import { candidatesOf } from "../../../src/policy/keys.ts";
import { normalPath } from "../../../src/lib/path.ts";
import { codeIn, page, ROOT, tableOf } from "./markdown.ts";

const guide = page("docs/guide.md");

const TTL_MS = 10_000;

/** A gateway's memory over a KV that has one policy; tells what KV is asked for. */
function memoryOver(policyKey: string) {
  const asked: string[][] = [];
  let now = 0;
  const routes = new PolicyCache(
    {
      read: async (keys) => {
        asked.push([...keys]);
        return new Map(
          keys.map((key) => [
            key,
            { value: key === policyKey ? '"https://origin.example.com"' : null, metadata: null },
          ]),
        );
      },
    },
    { ...readConfig({} as GatewayEnv), memoryTtlMs: TTL_MS, maxRoutes: 100 },
    { ...workerPlatform, now: () => now },
  );
  return { routes, asked, wait: (ms: number) => void (now += ms) };
}

describe("the keys and reads of a request are those of the code:", () => {
  test.each(tableOf(guide, "request", "keys").rows)(
    "%s",
    async (request = "", keys = "", policy = "", again = "") => {
      const url = new URL(codeIn(request)[0] ?? "");
      const both = { host: true, path: true };
      const candidates = candidatesOf(url.hostname, normalPath(url.pathname), both);
      const wanted = candidates.map(({ key }) => key);
      expect(wanted).toEqual(codeIn(keys));

      const { routes, asked, wait } = memoryOver(codeIn(policy)[0] ?? "");
      expect(routes.peek(wanted, () => {})).toBeUndefined();
      expect((await routes.load(wanted, () => {})).found).toBe("route");
      expect(asked).toEqual([wanted]);
      expect(routes.peek(wanted, () => {})?.found).toBe("route");
      expect(asked).toHaveLength(1);

      wait(TTL_MS);
      const behind: Promise<unknown>[] = [];
      expect(routes.peek(wanted, (work) => void behind.push(work))?.found).toBe("route");
      await Promise.all(behind);
      expect(asked[1]).toHaveLength(Number(again));
    },
  );
});

test("the columns of a row are those that record.ts documents", () => {
  const source = readFileSync(join(ROOT, "src/gateway/record/record.ts"), "utf8");
  const documented = new Set(source.match(/\b(?:index|blob|double)\d+\b/g));
  const told = tableOf(guide, "column").rows;
  expect(told.flatMap(([name = ""]) => codeIn(name)).toSorted()).toEqual(
    [...documented].toSorted(),
  );
  expect(told.find(([name]) => name === "`blob1`")?.[1]).toContain(`\`${RECORD_VERSION}\``);
});

test("the headers it explains are those that the gateway sends", () => {
  const source = readFileSync(join(ROOT, "src/gateway/respond/respond.ts"), "utf8");
  const sent = [...source.matchAll(/headers\.set\("(x-[a-z-]+)"/g)].map(([, name = ""]) => name);
  const told = tableOf(guide, "header", "says").rows.flatMap(([name = ""]) => codeIn(name));
  expect(told.map((name) => name.toLowerCase()).toSorted()).toEqual(sent.toSorted());
});

test("npm scripts and the secret's length are as it says", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const named = [guide, page("README.md"), page("CONTRIBUTING.md")].flatMap(({ text }) =>
    [...text.matchAll(/npm (?:run (?:-s )?)?(start|test|(?<=run (?:-s )?)[a-z][\w:]*)/g)].map(
      ([, name = ""]) => name,
    ),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  expect(guide.text).toContain(`sign with, ${MIN_SECRET_CHARS} characters or more`);
});
