import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startAccount, type Account } from "../support/cloudflare.ts";
import { plainEnv } from "../support/demo.ts";
import { blocksOf, page, ROOT } from "../unit/docs/markdown.ts";

const ID = "0123456789abcdef0123456789abcdef";
/** For tests of several deployments: each starts wrangler up to nine times. */
const LONG_MS = 300_000;
const FILES = ["src/control/wrangler.toml", "wrangler.toml"] as const;

function scriptOf(name: string): string {
  const { scripts } = createRequire(import.meta.url)("../../package.json") as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  return scripts[name] ?? "";
}

let copy = "";

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "switchyard-deploy-"));
  for (const path of ["src", ".ci", ...FILES, ".tools.env", "package.json", "tsconfig.json"])
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
});
afterEach(async () => rm(copy, { recursive: true, force: true }));

/** Starts a program in a copy of the repository, of whom this environment says: of nobody who is logged in where it is empty. */
async function run(
  [program, ...args]: readonly [string, ...string[]],
  more: Readonly<Record<string, string>>,
) {
  const env = plainEnv({ HOME: copy, XDG_CONFIG_HOME: join(copy, ".config"), ...more });
  const child = spawn(program, args, { cwd: copy, env });
  child.stdin.end();
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const [code] = (await once(child, "close")) as unknown[];
  return { code, said };
}

/** What `npm run deploy` starts, without npm, which takes as long to start as most of what is looked at here. */
const [, ...SCRIPT] = scriptOf("deploy").split(" ");

const deployAs = async (more: Readonly<Record<string, string>>, ...args: string[]) =>
  run([process.execPath, ...SCRIPT, ...args], more);

const deploy = async (...args: string[]) => deployAs({}, ...args);

const texts = async () => Promise.all(FILES.map((file) => readFile(join(copy, file), "utf8")));

/** Where a text names each of the two Workers' entrypoints of bindings, in its order. */
const built = (said: string) =>
  [...said.matchAll(/env\.(LEDGER|HUB) /g)].map(([, binding]) =>
    binding === "LEDGER" ? "control" : "gateway",
  );

describe("npm run deploy", () => {
  test("bundles a snapshot with the gateway, and does not go on where there is none", async () => {
    const absent = await run(
      ["npm", "run", "-s", "deploy", "--", "--dry-run", "--snapshot", "routes.txt"],
      {},
    );
    expect([absent.code, built(absent.said)]).toEqual([1, []]);
    expect(absent.said).toContain("npx sy export --snapshot routes.txt");
    await writeFile(join(copy, "routes.txt"), '{"routes":{"marked-by-this-test":[1,"{}"]}}');
    const alone = await deploy("--dry-run", "--only", "gateway", "--snapshot", "routes.txt");
    expect([alone.code, built(alone.said)]).toEqual([0, ["gateway"]]);
    const bundled = await readFile(join(copy, "dist/gateway/index.js"), "utf8");
    expect(bundled).toContain("marked-by-this-test");
  });

  test("goes --back the other way round, with the namespace that is asked for, and --dry-run says all that it would do", async () => {
    const before = await texts();
    const { code, said } = await deploy(
      "--dry-run",
      "--back",
      "--kv",
      ID,
      "--plan",
      "free",
      "--hub-location",
      "weur",
    );
    expect([code, built(said)]).toEqual([0, ["gateway", "control"]]);
    for (const line of [
      `src/control/wrangler.toml: would get id = "${ID}"`,
      "src/control/wrangler.toml: would get HUB_DAILY_REPORTS = 25000",
      'src/control/wrangler.toml: would get HUB_LOCATION = "weur"',
      `wrangler.toml: would get id = "${ID}"`,
      "wrangler.toml: would get REPORT_INTERVAL_SECONDS = 60",
      `KV: both Workers would have ${ID}`,
      "upload: gateway (wrangler.toml), then control (src/control/wrangler.toml)",
      "VISITOR_KEY: would be made where neither Worker has one",
    ])
      expect(said.split("\n")).toContain(line);
    expect(await texts()).toEqual(before);
  });

  test("stops before anything is changed where nobody is logged in", async () => {
    const before = await texts();
    const { code, said } = await deploy("--kv", ID);
    expect([code, said]).toEqual([
      1,
      expect.stringContaining("It is not known what is deployed already"),
    ]);
    expect(said).toContain("CLOUDFLARE_API_TOKEN");
    expect(await texts()).toEqual(before);
  });

  test("wants the same of both where both read it", async () => {
    const path = join(copy, FILES[0]);
    const toml = await readFile(path, "utf8");
    await writeFile(path, toml.replace('TENANT_BY = "host,path"', 'TENANT_BY = "path"'));
    const { code, said } = await deploy("--kv", ID, "--dry-run");
    expect(code).toBe(1);
    expect(said).toContain(
      'the var TENANT_BY must be the same in both: src/control/wrangler.toml has "path", wrangler.toml "host,path"',
    );
  });
});

describe("npm run deploy in an account", () => {
  let account: Account;

  beforeEach(async () => {
    account = await startAccount();
    return () => account.close();
  });

  const here = async (...args: string[]) => deployAs(account.env, ...args);

  test(
    "makes the namespace, deploys control, then the gateway, on workers.dev and says where they are and what is next; then needs nothing made, and guesses no namespace",
    async () => {
      const path = join(copy, FILES[1]);
      const toml = await readFile(path, "utf8");
      await writeFile(path, toml.replace("preview_urls = false", "preview_urls = true"));
      const { code, said } = await here("--plan", "free", "--hub-location", "weur");
      expect([code, said]).toEqual([
        0,
        expect.stringContaining("KV: made the namespace ROUTING_CONFIG"),
      ]);
      expect(built(said)).toEqual(["control", "gateway"]);
      expect(said).toContain(
        "control  https://switchyard.team.workers.dev\ngateway  https://switchyard-gateway.team.workers.dev\n",
      );
      expect(said).toContain("sy -- login https://switchyard.team.workers.dev\n");
      const id = account.namespaces.get("ROUTING_CONFIG");
      for (const text of await texts()) {
        expect(text).toContain(`binding = "ROUTING_CONFIG"\nid = "${id}"\n`);
        expect(text).toMatch(/^preview_urls = false$/m);
      }
      for (const name of ["switchyard", "switchyard-gateway"]) {
        expect(account.told.get(`POST /workers/scripts/${name}/subdomain`)).toBe(
          '{"enabled":true,"previews_enabled":false}',
        );
        expect(account.scripts.get(name)?.metadata["bindings"]).toContainEqual(
          expect.objectContaining({ name: "ROUTING_CONFIG", namespace_id: id }),
        );
      }
      expect(account.scripts.get("switchyard")?.metadata["bindings"]).toContainEqual(
        expect.objectContaining({ name: "HUB_LOCATION", text: "weur" }),
      );
      const gateway = account.scripts.get("switchyard-gateway");
      const small = await readFile(join(copy, "dist/gateway/index.js"), "utf8");
      expect(gateway?.files.get("index.js")).toBe(small);
      expect(gateway?.files.get("index.js.map")).toContain("src/gateway/handle.ts");
      expect(account.assets()).toEqual(expect.arrayContaining(["/index.html", "/sign-in.html"]));
      const key = account.scripts.get("switchyard")?.secrets.get("VISITOR_KEY");
      expect(key).toMatch(/^[0-9a-f]{32}$/);
      expect(account.scripts.get("switchyard-gateway")?.secrets.get("VISITOR_KEY")).toBe(key);
      expect(said).not.toContain(key);
      const secrets = account.scripts.get("switchyard")?.secrets;
      expect(secrets?.get("SESSION_KEY")).toMatch(/^[0-9a-f]{64}$/);
      expect(account.scripts.get("switchyard-gateway")?.secrets.has("SESSION_KEY")).toBe(false);

      const written = await texts();
      const again = await here();
      expect([again.code, again.said]).toEqual([0, expect.stringContaining("set SY_URL")]);
      expect(again.said).not.toMatch(/made|Next/);
      expect(await texts()).toEqual(written);
      expect(account.scripts.get("switchyard")?.secrets.get("VISITOR_KEY")).toBe(key);
      const late = await here("--hub-location", "enam");
      expect([late.code, late.said]).toEqual([
        1,
        expect.stringContaining("The hub is made already"),
      ]);

      // Where the control plane does not say that every stored policy is valid, nothing is uploaded.
      const asked = account.asked.length;
      const unknown = await deployAs({ ...account.env, SY_URL: "http://127.0.0.1:1" });
      expect([unknown.code, unknown.said]).toEqual([
        1,
        expect.stringContaining("Nothing is uploaded"),
      ]);
      expect(account.asked.slice(asked)).toEqual(["GET /workers/scripts/switchyard/deployments"]);
      // A checkout in which nobody committed what was written.
      for (const file of FILES) await cp(join(ROOT, file), join(copy, file));
      const bare = await here();
      expect([bare.code, bare.said]).toEqual([
        1,
        expect.stringContaining(`npm run deploy -- --kv ${id}`),
      ]);
      expect(account.namespaces.size).toBe(1);
    },
    LONG_MS,
  );

  test(
    "takes the namespace of that name that the account has, and gives hosts to the gateway alone",
    async () => {
      account.namespaces.set("ROUTING_CONFIG", ID);
      const path = join(copy, FILES[1]);
      const toml = await readFile(path, "utf8");
      const [routes = ""] = blocksOf(page("docs/ten-minutes.md"), "toml").map(({ text }) => text);
      await writeFile(path, `${routes}\n${toml}`);
      const { code, said } = await here();
      expect([code, said]).toEqual([
        0,
        expect.stringContaining(`ROUTING_CONFIG, ${ID}; it is taken`),
      ]);
      expect(said).toContain("control  https://switchyard.team.workers.dev\n");
      expect(said).toContain("gateway  shop.example.com (custom domain)\n");
      const told = (path_: string) => JSON.parse(account.told.get(path_) ?? "null") as unknown;
      const gateway = "/workers/scripts/switchyard-gateway";
      expect(told(`PUT ${gateway}/domains/records`)).toMatchObject({
        origins: [{ hostname: "shop.example.com" }],
      });
      expect(told(`PUT ${gateway}/routes`)).toEqual([
        { pattern: "*.example.com/*", zone_name: "example.com" },
      ]);
      expect(told(`POST ${gateway}/subdomain`)).toMatchObject({ enabled: false });
    },
    LONG_MS,
  );

  test(
    "makes an environment with a namespace, a hub and names of its own, and refuses one that has production's",
    async () => {
      const { code, said } = await here("--kv", ID, "--env", "staging");
      // Production's namespace is not an environment's, but nothing here has it yet.
      expect([code, said]).toEqual([
        0,
        expect.stringContaining("control  https://switchyard-staging.team.workers.dev"),
      ]);
      expect(account.scripts.get("switchyard-gateway-staging")?.metadata["bindings"]).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: "HUB", service: "switchyard-staging" }),
          expect.objectContaining({ name: "ENVIRONMENT", text: "staging" }),
          expect.objectContaining({ name: "ROUTING_CONFIG", namespace_id: ID }),
        ]),
      );
      expect([...account.scripts.keys()]).toEqual([
        "switchyard-staging",
        "switchyard-gateway-staging",
      ]);
      for (const file of FILES) {
        const text = await readFile(join(copy, file), "utf8");
        await writeFile(
          join(copy, file),
          text.replace('"ROUTING_CONFIG"', `"ROUTING_CONFIG"\nid = "${ID}"`),
        );
      }
      const uploads = account.asked.length;
      const again = await here("--env", "staging");
      expect([again.code, again.said]).toEqual([
        1,
        expect.stringContaining(
          "wrangler.toml: ROUTING_CONFIG of the environment is production's namespace",
        ),
      ]);
      expect(account.asked).toHaveLength(uploads);
    },
    LONG_MS,
  );
});
