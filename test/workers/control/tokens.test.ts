import { describe, expect, it } from "vitest";
import type { AdminConfig } from "../../../src/config/admin.ts";
import type { Role } from "../../../src/lib/roles.ts";
import { AUD, api, digest } from "./api.ts";

async function admin(scope: readonly string[]): Promise<AdminConfig> {
  const token = async (name: string, role: Role, its: readonly string[]) => ({
    name,
    sha256: await digest(name),
    role,
    scope: its,
  });
  return {
    hosts: [],
    tokens: [
      await token("asker", "write", scope),
      await token("shop", "operate", ["shop-*"]),
      await token("hosts", "read", ["*.example.com", "shop-1"]),
      await token("all", "write", ["*"]),
    ],
    access: [
      { email: "*@example.com", role: "read", scope: ["shop-1"], aud: AUD, team: "example" },
    ],
  };
}

async function told(scope: readonly string[]) {
  const { status, body } = await api("GET", "/tokens", {
    token: "asker",
    admin: await admin(scope),
  });
  expect(status).toBe(200);
  const { tokens, access, beyond } = body as {
    tokens: { name: string; you: boolean }[];
    access: { email: string }[];
    beyond: number;
  };
  return { names: tokens.map(({ name }) => name), access: access.length, beyond };
}

describe("who may call", () => {
  it("is told as far as the caller's own scope goes, and how many others there are", async () => {
    const all = ["asker", "shop", "hosts", "all"];
    expect(await told(["*"])).toEqual({ names: all, access: 1, beyond: 0 });
    expect(await told(["shop-*"])).toEqual({ names: ["asker", "shop"], access: 1, beyond: 2 });
    const both = ["asker", "shop", "hosts"];
    expect(await told(["shop-*", "*.com"])).toEqual({ names: both, access: 1, beyond: 1 });
    expect(await told(["shop-2"])).toEqual({ names: ["asker"], access: 0, beyond: 4 });
  });

  it("is told with roles and scopes, and nothing that proves anything", async () => {
    const { body } = await api("GET", "/tokens", { token: "asker", admin: await admin(["*"]) });
    expect(body).toMatchObject({
      tokens: [
        { name: "asker", role: "write", scope: ["*"], you: true },
        { name: "shop", role: "operate", scope: ["shop-*"], you: false },
        { name: "hosts", role: "read", scope: ["*.example.com", "shop-1"], you: false },
        { name: "all", role: "write", scope: ["*"], you: false },
      ],
      access: [{ email: "*@example.com", team: "example", role: "read", scope: ["shop-1"] }],
    });
    for (const { sha256 } of (await admin(["*"])).tokens)
      expect(JSON.stringify(body)).not.toContain(sha256.slice(0, 8));
    expect(JSON.stringify(body)).not.toContain(AUD);
  });
});
