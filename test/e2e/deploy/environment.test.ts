import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startAccount, type Account } from "../../support/cloudflare.ts";
import { CONSOLE, copyOfRepository, deploy, FILES, ID, LONG_MS, type Copy } from "./copy.ts";

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
  "npm run deploy makes an environment with a namespace, a hub and names of its own, and refuses one that has production's",
  async () => {
    const here = async (...args: string[]) => deploy(copy, args, account.env);
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
