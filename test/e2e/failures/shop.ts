import { createHash } from "node:crypto";
import { expect } from "vitest";

import { startKvFleet, type KvFleet } from "../../support/failing-kv.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { see } from "./seen.ts";

const TOKEN = "token-of-a-writer-1";

/** A fleet whose one route, `shop`, is edited by the control plane, and its two origins. */
export interface Shop {
  readonly fleet: KvFleet;
  readonly one: Origin;
  readonly two: Origin;
  /** An edit, accepted by the control plane. */
  readonly put: (origin: Origin) => Promise<void>;
  /** A visit: whose page it was, where the policy came from. */
  readonly visit: () => Promise<{
    readonly answer: string;
    readonly origin: string;
    readonly source: string | undefined;
  }>;
  readonly close: () => Promise<void>;
}

/** Opens the shop, which its first origin serves. */
export async function openShop(): Promise<Shop> {
  const [one, two] = await Promise.all([startOrigin("one"), startOrigin("two")]);
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const token = { name: "writer", sha256, role: "write", scope: "*" };
  const fleet = await startKvFleet({
    policies: {},
    vars: { COLO_COPY_HOST: "copies.example.com" },
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify([token]) } },
  });
  /** The newest version. */
  let version = 0;
  const put = async (origin: Origin): Promise<void> => {
    const response = await fetch(`${fleet.control.url}/v1/routes/shop`, {
      method: "PUT",
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        ...(version === 0 ? { "if-none-match": "*" } : { "if-match": `"${version}"` }),
      },
      body: JSON.stringify({ policy: { origin: origin.url } }),
    });
    const said = await response.text();
    expect(response.ok ? "" : said).toBe("");
    version = (JSON.parse(said) as { version: number }).version;
  };
  await put(one);
  return {
    fleet,
    one,
    two,
    put,
    async visit() {
      const { answer, head, text } = await see(`${fleet.url}/shop/`);
      const origin = text.includes('"two"') ? "two" : "one";
      return { answer, origin, source: head.header("x-policy-source") };
    },
    close: async () => void (await Promise.all([one.close(), two.close(), fleet.close()])),
  };
}
