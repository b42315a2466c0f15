import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { disagreements } from "../../../.ci/deploy/agreement.ts";
import { FILES } from "../../../.ci/deploy/options.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "switchyard-agreement-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

const hub = (table: string, service: string) =>
  `[[${table}]]\nbinding = "HUB"\nservice = "${service}"\n`;

const staging = (more: string) =>
  `\n[env.staging]\n${more}\n[env.staging.vars]\nENVIRONMENT = "staging"\n`;

const control = (more = "") => write(FILES.control, `name = "switchyard"\n${more}`);

const gateway = (more = "") =>
  write(FILES.gateway, `name = "switchyard-gateway"\n${hub("services", "switchyard")}${more}`);

test("a hub that is called otherwise is told, in production and in an environment, whose name is the file's with its own behind it", () => {
  control(staging(""));
  gateway(staging("") + hub("env.staging.services", "switchyard-staging"));
  expect([disagreements(root), disagreements(root, "staging")]).toEqual([[], []]);
  gateway(staging("") + hub("env.staging.services", "switchyard"));
  expect(disagreements(root, "staging")).toEqual([
    "wrangler.toml: the binding HUB leads to switchyard, and control is called switchyard-staging",
  ]);
  control(staging('name = "switchyard"'));
  expect(disagreements(root, "staging")).toEqual([]);
});

test("an environment inherits routes, which are production's, and no var", () => {
  const routes =
    'routes = ["a.example.com/*", { pattern = "b.example.com", custom_domain = true }]';
  write(FILES.control, `name = "switchyard"\n[vars]\nTENANT_BY = "path"\n${staging("")}`);
  write(FILES.gateway, `${routes}\n[vars]\nTENANT_BY = "path"\n${staging("")}`);
  expect(disagreements(root, "staging")).toEqual([
    "wrangler.toml: the route a.example.com/* is production's; say routes = [] in the environment, or others",
    "wrangler.toml: the route b.example.com is production's; say routes = [] in the environment, or others",
  ]);
  write(FILES.gateway, `${routes}\n[vars]\nTENANT_BY = "path"\n${staging("routes = []")}`);
  expect(disagreements(root, "staging")).toEqual([]);
});

test.each([
  ['[vars]\nTENANT_BY = "', /./],
  ["name = 1", /name: ./],
  ["[[env.staging.kv_namespaces]]\nid = 'x'", /env\.staging\.kv_namespaces\.0\.binding: ./],
])("a file that says %j is told by its name, and by the field", (text, what) => {
  control();
  write(FILES.gateway, text);
  expect(() => disagreements(root)).toThrow(
    new RegExp(`^wrangler\\.toml cannot be read: ${what.source}`),
  );
});
