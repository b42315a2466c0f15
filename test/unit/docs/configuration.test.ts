import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { MIN_SECRET_CHARS, readAdmin, readConfig, type Env } from "../../../src/config.ts";
import { ROLES } from "../../../src/lib/roles.ts";
import { blocksOf, codeIn, page, ROOT, tableOf } from "./markdown.ts";

const configuration = page("docs/configuration.md");

/** What stands in the Worker's environment, as its source declares it. */
function declared(): string[] {
  const names = globSync("src/**/*.ts", { cwd: ROOT }).flatMap((path) => {
    const [env = ""] = /interface Env \{[^}]*\}/.exec(readFileSync(join(ROOT, path), "utf8")) ?? [];
    return [...env.matchAll(/readonly ([A-Z_]+)\??:/g)].map(([, name]) => name ?? "");
  });
  return [...new Set(names)];
}

const read = (vars: Readonly<Record<string, string>>) => readConfig(vars as unknown as Env);
const refusal = (name: string) => new RegExp(`(?:var|secret) ${name} must`);

const vars = tableOf(configuration, "var").rows.map(([name, otherwise, allowed = ""]) => ({
  name: codeIn(name ?? "")[0] ?? "",
  otherwise: codeIn(otherwise ?? "")[0] ?? "",
  allowed,
}));

test("lists every binding, var and secret that the Worker reads, and no other", () => {
  const named = ["binding", "var", "secret", "for the control plane"].flatMap((header) =>
    tableOf(configuration, header).rows.flatMap(([name = ""]) => codeIn(name)),
  );
  expect(named.toSorted()).toEqual(declared().toSorted());
});

describe.each(vars)("$name", ({ name, otherwise, allowed }) => {
  test("has the default that is written", () => {
    expect(read({ [name]: otherwise })).toEqual(read({}));
  });

  test("takes what is allowed, and nothing beyond it", () => {
    const range = /^(\d+)…(\d+)$/.exec(allowed);
    const [low, high] = [Number(range?.[1]), Number(range?.[2])];
    const good = range === null ? codeIn(allowed) : [String(low), String(high)];
    const bad = range === null ? ["neither, nor"] : [String(low - 1), String(high + 1)];
    for (const value of good) expect(() => read({ [name]: value })).not.toThrow();
    for (const value of bad) expect(() => read({ [name]: value })).toThrow(refusal(name));
    expect(good.length).toBeGreaterThan(["VIA_NAME", "ENVIRONMENT"].includes(name) ? -1 : 1);
  });
});

test("VIA_NAME is as long as is written", () => {
  expect(vars.find(({ name }) => name === "VIA_NAME")?.allowed).toContain("1 to 64");
  expect(() => read({ VIA_NAME: "v".repeat(64) })).not.toThrow();
  expect(() => read({ VIA_NAME: "v".repeat(65) })).toThrow(refusal("VIA_NAME"));
});

test("ENVIRONMENT is as long as is written", () => {
  expect(vars.find(({ name }) => name === "ENVIRONMENT")?.allowed).toContain("1 to 32");
  expect(() => read({ ENVIRONMENT: "e".repeat(32) })).not.toThrow();
  for (const wrong of ["e".repeat(33), "", "Prod", "a.b"])
    expect(() => read({ ENVIRONMENT: wrong })).toThrow(refusal("ENVIRONMENT"));
});

test("the secret is as long as is written", () => {
  const [row = []] = tableOf(configuration, "secret").rows;
  expect(row[1]).toBe(`${MIN_SECRET_CHARS} characters or more`);
  expect(() => read({ OVERRIDE_SECRET: "s".repeat(MIN_SECRET_CHARS - 1) })).toThrow(
    refusal("OVERRIDE_SECRET"),
  );
});

describe("the control plane", () => {
  const [example] = blocksOf(configuration, "json tokens");
  const admin = (given: Readonly<Record<string, string>>) => readAdmin(given as unknown as Env);

  test("takes the tokens of the example", () => {
    expect(admin({ ADMIN_TOKENS: example?.text ?? "" })).toMatchObject({
      on: true,
      admin: {
        hosts: [],
        tokens: [
          { name: "deploy", role: "write", scope: ["*"] },
          { name: "dashboard", role: "read", scope: ["shop.example.com", "storefront*"] },
        ],
      },
    });
  });

  test("takes the example of Cloudflare Access", () => {
    const [vouched] = blocksOf(configuration, "json access");
    expect(admin({ ADMIN_ACCESS: vouched?.text ?? "" })).toMatchObject({
      on: true,
      admin: { access: [{ email: "*@example.com", role: "operate", team: "example" }] },
    });
  });

  test("is off without a list, and with a wrong one", () => {
    expect(admin({}).on).toBe(false);
    expect(admin({ ADMIN_TOKENS: "[{}]" }).on).toBe(false);
  });

  test("has the roles that are written, in their order", () => {
    const [, roles = ""] = /A `role` is (.*); each/.exec(configuration.text) ?? [];
    expect(codeIn(roles)).toEqual([...ROLES]);
  });
});

test("wrangler.toml sets no var to anything but its default", () => {
  const toml = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const [, section = ""] = /^\[vars\]\n((?:.+\n)*)/m.exec(toml) ?? [];
  const set = [...section.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  expect(set.length).toBeGreaterThan(0);
  expect(set).toEqual(
    set.map(([name]) => [name, vars.find((one) => one.name === name)?.otherwise]),
  );
});
