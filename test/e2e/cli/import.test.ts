import { stat } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";

const LONG_MS = 60_000;

const route = (name: string, more = ""): string => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: ${name}
spec:
  hostnames: [${name}.example.com]
  rules:
  - backendRefs: [{name: ${name}, port: 80}]
${more}`;

const unsayable =
  "    filters: [{type: ExtensionRef, extensionRef: {kind: RateLimit, name: ten}}]\n";

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  control = await startApi();
  work = await folder({
    "shop.yaml": route("shop"),
    "both.yaml": `${route("mail")}---\n${route("limited", unsayable)}`,
    "map.json": {
      shop: "https://shop.origin.example",
      mail: "https://mail.origin.example",
      limited: "https://limited.origin.example",
    },
  });
});
afterAll(async () => {
  await control.close();
  await work.remove();
});

const here = () => ({
  cwd: work.cwd,
  env: { SY_URL: control.url, SY_TOKEN: TOKENS.write },
});

const policyOf = async (key: string): Promise<unknown> => {
  const { code, out } = await sy(here(), "get", key, "--json");
  return code === 0 ? (JSON.parse(out) as { policy: unknown }).policy : undefined;
};

const imported = async (...words: string[]) =>
  sy(here(), "import", "--backends", "map.json", ...words);

test(
  "puts the policies of manifests, and does the same twice",
  async () => {
    const first = await imported("shop.yaml", "--note", "from the cluster");
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\+ shop\.example\.com/) as string,
    });
    expect(await policyOf("shop.example.com")).toBe("https://shop.origin.example");
    const again = await imported("shop.yaml");
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringMatching(/1 unchanged\n$/) as string,
    });
  },
  LONG_MS,
);

test(
  "leaves alone what says something else, unless it may be replaced",
  async () => {
    const other = "shop=https://other.origin.example";
    const refused = await sy(here(), "import", "shop.yaml", "--backend", other);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("add --replace") as string,
    });
    expect(await policyOf("shop.example.com")).toBe("https://shop.origin.example");
    const replaced = await sy(here(), "import", "shop.yaml", "--backend", other, "--replace");
    expect(replaced).toMatchObject({ code: 0 });
    expect(await policyOf("shop.example.com")).toBe("https://other.origin.example");
  },
  LONG_MS,
);

test(
  "imports nothing where an object cannot be said, and the others with --partial",
  async () => {
    const refused = await imported("both.yaml");
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining("add --partial") as string,
    });
    expect(await policyOf("mail.example.com")).toBeUndefined();
    const partial = await imported("both.yaml", "--partial", "--json");
    expect(partial.code).toBe(0);
    expect(JSON.parse(partial.out)).toMatchObject({
      dryRun: false,
      routes: [{ key: "mail.example.com", kind: "create", version: 1 }],
      reports: [{ level: "error", object: "HTTPRoute default/limited" }],
    });
    expect(await policyOf("mail.example.com")).toBe("https://mail.origin.example");
    expect(await policyOf("limited.example.com")).toBeUndefined();
  },
  LONG_MS,
);

test(
  "what was imported goes back as HTTPRoutes",
  async () => {
    const exported = await sy(
      here(),
      "export",
      "--format",
      "httproute",
      "out.yaml",
      "--backends",
      "out.json",
    );
    expect(exported).toMatchObject({ code: 0, out: "2 HTTPRoutes written\n" });
    for (const file of ["out.yaml", "out.json"])
      expect((await stat(join(work.cwd, file))).mode & 0o777).toBe(0o600);
    const words = ["import", "--dry-run", "--json", "--backends", "out.json", "out.yaml"];
    const back = await sy(here(), ...words);
    expect(JSON.parse(back.out)).toEqual({
      policies: {
        "mail.example.com": "https://mail.origin.example",
        "shop.example.com": "https://other.origin.example",
      },
      reports: [],
    });
  },
  LONG_MS,
);
