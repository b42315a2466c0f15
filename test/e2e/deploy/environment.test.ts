import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startAccount, type Account } from "../../support/cloudflare.ts";
import { built, CONSOLE, copyOfRepository, deploy, FILES, ID, LONG_MS, type Copy } from "./copy.ts";

let account: Account;
let copy: Copy;

beforeAll(async () => {
  account = await startAccount();
  copy = await copyOfRepository(CONSOLE);
});
afterAll(async () => {
  account.close();
  await copy.remove();
});

test(
  "npm run deploy makes an environment with a namespace, a hub and names of its own, one Worker --only after the other, and refuses one that has production's",
  async () => {
    const here = async (...args: string[]) => deploy(copy, args, account.env);
    account.namespaces.set("ROUTING_CONFIG-staging", ID);
    const control = await here("--env", "staging", "--only", "control");
    expect([control.code, control.said]).toEqual([
      0,
      expect.stringContaining(`ROUTING_CONFIG-staging, ${ID}; it is taken`),
    ]);
    expect(built(control.said)).toEqual(["control"]);
    expect(control.said).toContain("control  https://switchyard-staging.team.workers.dev");
    expect([...account.scripts.keys()]).toEqual(["switchyard-staging"]);
    const written = await copy.texts();
    const gateway = await here("--env", "staging", "--only", "gateway");
    expect([gateway.code, built(gateway.said)]).toEqual([0, ["gateway"]]);
    expect(await copy.texts()).toEqual(written);
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
    // Production's namespace is not an environment's, but until here nothing had it.
    for (const file of FILES) {
      const text = await copy.read(file);
      await writeFile(
        copy.path(file),
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
