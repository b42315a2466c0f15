import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startAccount, type Account } from "../../support/cloudflare.ts";
import { blocksOf, page, ROOT } from "../../unit/docs/markdown.ts";
import { built, copyOfRepository, deploy, FILES, LONG_MS, type Copy } from "./copy.ts";

describe("npm run deploy in an account", () => {
  let account: Account;
  let copy: Copy;

  beforeEach(async () => {
    account = await startAccount();
    // Without what is built of the console: a deployment builds what it needs.
    copy = await copyOfRepository();
  });
  afterEach(async () => {
    account.close();
    await copy.remove();
  });

  const here = async (...args: string[]) => deploy(copy, args, account.env);
  const told = (what: string) => JSON.parse(account.told.get(what) ?? "null") as unknown;

  test(
    "makes the namespace, deploys control, then the gateway, on workers.dev and says where they are and what is next; then guesses no namespace, needs nothing made, and gives hosts to the gateway alone",
    async () => {
      const [, gatewayFile] = FILES;
      const toml = await copy.read(gatewayFile);
      await writeFile(
        copy.path(gatewayFile),
        toml.replace("preview_urls = false", "preview_urls = true"),
      );
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
      for (const text of await copy.texts()) {
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
      expect(gateway?.files.get("index.js")).toBe(await copy.read("dist/gateway/index.js"));
      expect(gateway?.files.get("index.js.map")).toContain("src/gateway/handle.ts");
      expect(account.assets()).toEqual(expect.arrayContaining(["/index.html", "/sign-in.html"]));
      const key = account.scripts.get("switchyard")?.secrets.get("VISITOR_KEY");
      expect(key).toMatch(/^[0-9a-f]{32}$/);
      expect(account.scripts.get("switchyard-gateway")?.secrets.get("VISITOR_KEY")).toBe(key);
      expect(said).not.toContain(key);
      const secrets = account.scripts.get("switchyard")?.secrets;
      expect(secrets?.get("SESSION_KEY")).toMatch(/^[0-9a-f]{64}$/);
      expect(account.scripts.get("switchyard-gateway")?.secrets.has("SESSION_KEY")).toBe(false);

      const late = await here("--hub-location", "enam");
      expect([late.code, late.said]).toEqual([
        1,
        expect.stringContaining("The hub is made already"),
      ]);

      // Where the control plane does not say that every stored policy is valid, nothing is uploaded.
      const asked = account.asked.length;
      const unknown = await deploy(copy, [], { ...account.env, SY_URL: "http://127.0.0.1:1" });
      expect([unknown.code, unknown.said]).toEqual([
        1,
        expect.stringContaining("Nothing is uploaded"),
      ]);
      expect(account.asked.slice(asked)).toEqual(["GET /workers/scripts/switchyard/deployments"]);
      // A checkout in which nobody committed what was written.
      for (const file of FILES) await cp(join(ROOT, file), copy.path(file));
      const bare = await here();
      expect([bare.code, bare.said]).toEqual([
        1,
        expect.stringContaining(`npm run deploy -- --kv ${id}`),
      ]);
      // As it was told, and with hosts of its own by now.
      const [routes = ""] = blocksOf(page("docs/ten-minutes.md"), "toml").map(({ text }) => text);
      const own = `${routes}\n${await copy.read(gatewayFile)}`;
      await writeFile(copy.path(gatewayFile), own);
      const again = await here("--kv", id ?? "");
      expect([again.code, again.said]).toEqual([0, expect.stringContaining("set SY_URL")]);
      expect(again.said).not.toMatch(/made|Next/);
      const bound = (text: string) =>
        text.replace('binding = "ROUTING_CONFIG"\n', (line) => `${line}id = "${id}"\n`);
      expect(await copy.texts()).toEqual([
        bound(await readFile(join(ROOT, FILES[0]), "utf8")),
        bound(own),
      ]);
      expect(account.scripts.get("switchyard")?.secrets.get("VISITOR_KEY")).toBe(key);
      expect(again.said).toContain("control  https://switchyard.team.workers.dev\n");
      expect(again.said).toContain("gateway  shop.example.com (custom domain)\n");
      const script = "/workers/scripts/switchyard-gateway";
      expect(told(`PUT ${script}/domains/records`)).toMatchObject({
        origins: [{ hostname: "shop.example.com" }],
      });
      expect(told(`PUT ${script}/routes`)).toEqual([
        { pattern: "*.example.com/*", zone_name: "example.com" },
      ]);
      expect(told(`POST ${script}/subdomain`)).toMatchObject({ enabled: false });
      expect(account.namespaces.size).toBe(1);
    },
    LONG_MS,
  );
});
