import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { readAdmin } from "../../../src/config/admin.ts";
import { readControl, type ControlEnv } from "../../../src/config/control.ts";
import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import { MIN_SECRET_CHARS } from "../../../src/config/vars.ts";
import { ROLES } from "../../../src/lib/roles.ts";
import { blocksOf, codeIn, page, ROOT, tableOf } from "./markdown.ts";

const configuration = page("docs/configuration.md");

/** Which Worker reads what, as their sources declare it: name → "both", "gateway" or "control". */
function declared(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of globSync("src/**/*.ts", { cwd: ROOT })) {
    const text = readFileSync(join(ROOT, path), "utf8");
    for (const [, who = "", body = ""] of text.matchAll(
      /interface (Shared|Gateway|Control)Env\b[^{]*\{([^}]*)\}/g,
    ))
      for (const [, name = ""] of body.matchAll(/readonly ([A-Z_]+)\??:/g))
        found.set(name, who === "Shared" ? "both" : who.toLowerCase());
  }
  return found;
}

type Vars = Readonly<Record<string, string>>;
const readGateway = (given: Vars) => readConfig(given as unknown as GatewayEnv);
const readOther = (given: Vars) => readControl(given as unknown as ControlEnv);
function complaint(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return String(error);
  }
}
const refusal = (name: string) => new RegExp(`(?:var|secret) ${name} must`);

const vars = tableOf(configuration, "var").rows.map(([name, worker, otherwise, allowed = ""]) => ({
  name: codeIn(name ?? "")[0] ?? "",
  worker,
  otherwise: codeIn(otherwise ?? "")[0] ?? "",
  allowed,
}));

test("lists every binding, var and secret with the Worker that reads it, and no other", () => {
  const named = ["binding", "var", "secret", "for the control plane"].flatMap((header) =>
    tableOf(configuration, header).rows.flatMap(([name = "", worker = ""]) =>
      codeIn(name).map((one) => [one, header.startsWith("for") ? "control" : worker] as const),
    ),
  );
  expect(new Map(named)).toEqual(declared());
  expect(named).toHaveLength(declared().size);
});

describe.each(vars)("$name", ({ name, worker, otherwise, allowed }) => {
  const read = worker === "control" ? readOther : readGateway;

  test("has the default that is written", () => {
    expect(read({ [name]: otherwise })).toEqual(read({}));
  });

  test("takes what is allowed, and nothing beyond it", () => {
    const range = /^(\d+)…(\d+)$/.exec(allowed);
    const [low, high] = [Number(range?.[1]), Number(range?.[2])];
    const good = range === null ? codeIn(allowed) : [String(low), String(high)];
    const bad = range === null ? ["neither, nor!"] : [String(low - 1), String(high + 1)];
    for (const value of good) expect(() => read({ [name]: value })).not.toThrow();
    for (const value of bad) {
      expect(() => read({ [name]: value })).toThrow(refusal(name));
      // What one Worker alone reads stops the other one not.
      const other = () => (worker === "control" ? readGateway : readOther)({ [name]: value });
      expect(complaint(other)).toMatch(worker === "both" ? refusal(name) : /^$/);
    }
    expect(good.length).toBeGreaterThan(
      ["VIA_NAME", "ENVIRONMENT", "COLO_COPY_HOST", "ORIGIN_BINDINGS", "ERROR_PAGES"].includes(name)
        ? -1
        : 1,
    );
  });
});

test("VIA_NAME is as long as is written", () => {
  expect(vars.find(({ name }) => name === "VIA_NAME")?.allowed).toContain("1 to 64");
  expect(() => readGateway({ VIA_NAME: "v".repeat(64) })).not.toThrow();
  expect(() => readGateway({ VIA_NAME: "v".repeat(65) })).toThrow(refusal("VIA_NAME"));
});

test("COLO_COPY_HOST is a host", () => {
  for (const host of ["", "shop.example.com", "h".repeat(253)])
    expect(readGateway({ COLO_COPY_HOST: host }).coloCopyHost).toBe(host);
  for (const wrong of ["h".repeat(254), "https://shop.example.com", "shop.example.com/", "Shop"])
    expect(() => readGateway({ COLO_COPY_HOST: wrong })).toThrow(refusal("COLO_COPY_HOST"));
});

test("ENVIRONMENT is as long as is written", () => {
  expect(vars.find(({ name }) => name === "ENVIRONMENT")?.allowed).toContain("1 to 32");
  expect(() => readGateway({ ENVIRONMENT: "e".repeat(32) })).not.toThrow();
  for (const wrong of ["e".repeat(33), "", "Prod", "a.b"])
    expect(() => readGateway({ ENVIRONMENT: wrong })).toThrow(refusal("ENVIRONMENT"));
});

test("the secret is as long as is written", () => {
  const [row = []] = tableOf(configuration, "secret").rows;
  expect(row[2]).toBe(`${MIN_SECRET_CHARS} characters or more`);
  expect(() => readGateway({ OVERRIDE_SECRET: "s".repeat(MIN_SECRET_CHARS - 1) })).toThrow(
    refusal("OVERRIDE_SECRET"),
  );
});

test("VISITOR_KEY is 32 hexadecimal digits for either Worker, and no message holds one", () => {
  const [, row = []] = tableOf(configuration, "secret").rows;
  expect(row.slice(0, 3)).toEqual([
    "`VISITOR_KEY`",
    "both",
    "32 hexadecimal digits, the same in both",
  ]);
  const digits = "000102030405060708090A0b0c0d0e0f";
  const key = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c];
  for (const read of [readGateway, readOther]) {
    expect(read({}).visitorKey).toBeUndefined();
    expect(read({ VISITOR_KEY: digits }).visitorKey).toEqual(key);
    for (const wrong of ["", digits.slice(1), `${digits}0`, `${digits} `, `${digits.slice(1)}g`]) {
      const told = complaint(() => read({ VISITOR_KEY: wrong }));
      expect(told).toContain("the secret VISITOR_KEY must be 32 hexadecimal digits");
      expect(told).not.toContain(digits.slice(2));
    }
  }
});

test("SESSION_KEY is 64 hexadecimal digits for the control plane", () => {
  const [, , row = []] = tableOf(configuration, "secret").rows;
  expect(row.slice(0, 3)).toEqual(["`SESSION_KEY`", "control", "64 hexadecimal digits"]);
  const read = (SESSION_KEY: string) =>
    readAdmin({ ADMIN_TOKENS: "[]", SESSION_KEY } as unknown as ControlEnv);
  const nobody = { on: false, why: "neither ADMIN_TOKENS nor ADMIN_ACCESS names anybody" };
  const wrong = { on: false, why: "SESSION_KEY must be 64 hexadecimal digits" };
  expect(read("0aF9".repeat(16))).toEqual(nobody);
  for (const key of ["", "0".repeat(63), "0".repeat(65), "g".repeat(64)])
    expect(read(key)).toEqual(wrong);
});

test("the hub's place is one of those that are written", () => {
  const { rows } = tableOf(configuration, "for the control plane");
  for (const name of ["HUB_LOCATION", "HUB_JURISDICTION"]) {
    const [, , allowed = ""] = rows.find(([first = ""]) => codeIn(first)[0] === name) ?? [];
    const place = (value: string) => readControl({ [name]: value } as unknown as ControlEnv);
    const values = codeIn(allowed);
    expect(values.length).toBeGreaterThan(1);
    for (const value of ["", ...values]) expect(() => place(value)).not.toThrow();
    for (const value of ["mars", "EU"]) expect(() => place(value)).toThrow(refusal(name));
  }
});

describe("the control plane", () => {
  const [example] = blocksOf(configuration, "json tokens");
  const admin = (given: Readonly<Record<string, string>>) =>
    readAdmin(given as unknown as ControlEnv);

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

test.each([
  ["wrangler.toml", "gateway"],
  ["src/control/wrangler.toml", "control"],
])("%s sets its own vars alone, each to its default", (file, worker) => {
  const toml = readFileSync(join(ROOT, file), "utf8");
  const [, section = ""] = /^\[vars\]\n((?:.+\n)*)/m.exec(toml) ?? [];
  const set = [...section.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  expect(set.length).toBeGreaterThan(0);
  const known = vars.filter((one) => [worker, "both"].includes(one.worker ?? ""));
  expect(set).toEqual(
    set.map(([name]) => [name, known.find((one) => one.name === name)?.otherwise]),
  );
});
