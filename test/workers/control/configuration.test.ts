import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { readAdmin } from "../../../src/config/admin.ts";
import { AUD, digest } from "./api.ts";

const token = { name: "ci", sha256: "0".repeat(64), role: "write", scope: "*" };
const entry = { email: "*@x.org", role: "read", scope: ["a", "b"], aud: AUD, team: "example" };

const read = (tokens: unknown, more: object = {}) =>
  readAdmin({
    ...env,
    ADMIN_TOKENS: typeof tokens === "string" ? tokens : JSON.stringify(tokens),
    ...more,
  });

const access = (one: object) => read([], { ADMIN_ACCESS: JSON.stringify([one]) });

describe("the configuration", () => {
  it("names callers, and what they may", () => {
    expect(read([token], { ADMIN_HOST: "Admin.Example.com, [::1]" })).toEqual({
      on: true,
      admin: {
        hosts: ["admin.example.com", "[::1]"],
        tokens: [{ ...token, scope: ["*"] }],
        access: [],
      },
    });
    expect(access(entry)).toMatchObject({ on: true, admin: { hosts: [] } });
  });

  it.each<[string, unknown]>([
    ["nobody", []],
    ["no JSON", "{nope"],
    ["no list", { token }],
    ["a token itself", [{ ...token, sha256: "secret-token" }]],
    ["an unknown role", [{ ...token, role: "admin" }]],
    ["an unknown field", [{ ...token, scopes: "*" }]],
    ["the guards' name", [{ ...token, name: "guard" }]],
    ["a missing scope", [{ ...token, scope: undefined }]],
  ])("with %s leaves the control plane off, and tells no value", (_, tokens) => {
    const result = read(tokens);
    expect(result.on).toBe(false);
    expect(JSON.stringify(result)).not.toMatch(/secret-token|nope/);
  });

  it.each<[string, object]>([
    ["no application", { ...entry, aud: undefined }],
    ["an application that is none", { ...entry, aud: "mine" }],
    ["no team", { ...entry, team: undefined }],
    ["a team with its domain", { ...entry, team: "example.cloudflareaccess.com" }],
  ])("lets Cloudflare Access vouch with %s for nobody", (_, one) => {
    expect(access(one).on).toBe(false);
  });

  it.each([
    ..."test test2 secret changeme password admin token hunter2 letmein 123456 0 switchyard".split(
      " ",
    ),
    ..."change_me Password1 P@ssw0rd my_token api_key supersecret admin-token dev-token".split(" "),
    ..."test-token your-token-here placeholder TODO null deadbeef 000000 opensesame".split(" "),
    "",
  ])("takes no token that everybody can guess: %j", async (word) => {
    for (const text of [word, `${word}\n`]) {
      const result = read([token, { ...token, name: "b", sha256: await digest(text) }]);
      expect(result).toMatchObject({
        on: false,
        why: expect.stringContaining("guess") as string,
      });
    }
  });

  it("takes the demo's token on a developer's machine alone", async () => {
    const demo = [{ ...token, sha256: await digest("switchyard-demo-token-not-for-production") }];
    expect(read(demo, { ALLOW_PRIVATE_ORIGINS: "true" }).on).toBe(true);
    expect(read(demo, { ALLOW_PRIVATE_ORIGINS: "false" }).on).toBe(false);
  });
});
