import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { AdminConfig } from "../../../src/config/admin.ts";
import type { Role } from "../../../src/lib/roles.ts";
import { MAX_TOKEN_CHARS } from "../../../src/api/limits.ts";
import { OPERATIONS, type OperationId } from "../../../src/api/operations.ts";
import {
  A,
  AUD,
  TOKENS,
  admin,
  api,
  assertion,
  create,
  digest,
  logged,
  testEnv,
  type Ask,
} from "./api.ts";

/** Who may do what, written down a second time: the least role for each operation. */
const LEAST: Readonly<Record<OperationId, Role>> = {
  listRoutes: "read",
  readRoute: "read",
  putRoute: "write",
  patchRoute: "write",
  deleteRoute: "write",
  listVersions: "read",
  readVersion: "read",
  diffVersions: "read",
  rollback: "write",
  readAudit: "read",
  explainRoute: "read",
  preview: "read",
  runAction: "operate",
  makeLink: "operate",
  adopt: "write",
  republish: "write",
  explain: "read",
  validate: "read",
  routeMetrics: "read",
  routeResults: "read",
  exposures: "read",
  forgetVisitor: "write",
  postGoals: "operate",
  status: "read",
  listTokens: "write",
  me: "read",
  makeSignInCode: "read",
  health: "read",
};

const MAY: Readonly<Record<Role, readonly Role[]>> = {
  read: ["read"],
  operate: ["read", "operate"],
  write: ["read", "operate", "write"],
};

const table = OPERATIONS.flatMap((operation) =>
  (["read", "operate", "write"] as const).flatMap((role) =>
    (["mine-*", "theirs-*"] as const).map((scope) => ({
      ...operation,
      role,
      scope,
      least: LEAST[operation.id],
    })),
  ),
);

const pathOf = (path: string): string =>
  path.replace(":key", "mine-1").replace(":version", "1").replace(":action", "abort");

async function granting(role: Role, scope: string[]): Promise<AdminConfig> {
  return { ...admin, tokens: [{ name: "t", sha256: await digest("t"), role, scope }] };
}

beforeEach(() => {
  logged.length = 0;
});

describe("who may do what", () => {
  it.each(table)("$id by $role within $scope", async ({ id, method, path, role, scope, least }) => {
    const isKeyed = path.includes(":key");
    const isAllowed = MAY[role].includes(least) && (!isKeyed || scope === "mine-*");
    const body = method === "GET" ? {} : { body: {} };
    const { status, body: told } = await api(method, pathOf(path), {
      token: "t",
      admin: await granting(role, [scope]),
      ...body,
    });
    expect(`${id} ${status === 403 ? "refused" : "let in"}`).toBe(
      `${id} ${isAllowed ? "let in" : "refused"}`,
    );
    expect(status).not.toBe(401);
    expect(told["code"] === "forbidden").toBe(!isAllowed);
  });

  it.each(OPERATIONS.map(({ id, method, path }) => ({ id, method, path })))(
    "nobody unproven does $id",
    async ({ id, method, path }) => {
      for (const token of [
        // Without any, health says one word: see health.test.ts.
        id === "health" ? "wrong" : null,
        "wrong",
        `${TOKENS.write}x`,
        "",
        "a".repeat(MAX_TOKEN_CHARS + 1),
      ]) {
        const answer = await api(method, pathOf(path), { token });
        expect(answer).toMatchObject({ status: 401, body: { code: "unauthorized" } });
        expect(answer.headers.get("www-authenticate")).toContain("Bearer");
        expect(
          [...answer.headers.keys()].filter((name) => name.startsWith("access-control-")),
        ).toEqual([]);
      }
    },
  );

  it("takes a token of the greatest length, and none longer", async () => {
    const status = async (length: number) => {
      const token = "a".repeat(length);
      const tokens = [
        { name: "t", sha256: await digest(token), role: "read" as const, scope: ["*"] },
      ];
      return (await api("GET", "/routes", { token, admin: { ...admin, tokens } })).status;
    };
    expect([await status(MAX_TOKEN_CHARS), await status(MAX_TOKEN_CHARS + 1)]).toEqual([200, 401]);
  });

  it("lists and explains only what is in scope, and tells of nothing else whether it is there", async () => {
    await create("mine-1", A);
    await create("theirs-1", A);
    const ask: Ask = { token: "t", admin: await granting("read", ["mine-*"]) };
    const { body } = await api("GET", "/routes", ask);
    expect((body["routes"] as { key: string }[]).map(({ key }) => key)).toEqual(["mine-1"]);
    const explain = async (key: string) =>
      (
        await api("POST", "/explain", {
          ...ask,
          body: { request: { url: `https://x.example.com/${key}/` } },
        })
      ).status;
    expect([await explain("mine-1"), await explain("mine-2")]).toEqual([200, 404]);
    const told = async (url: string) =>
      (await api("POST", "/explain", { ...ask, body: { request: { url } } })).body;
    expect(await told("https://x.example.com/theirs-1/")).toEqual(
      await told("https://x.example.com/theirs-2/"),
    );
    const before = await told("https://seen.example.com/mine-1/");
    expect(before).toMatchObject({
      key: "mine-1",
      outOfScope: ["seen.example.com", "*.example.com", "*.com"],
    });
    await env.ROUTING_CONFIG.put("seen.example.com", JSON.stringify(A));
    const { at: _at, ...after } = await told("https://seen.example.com/mine-1/");
    expect(before).toMatchObject(after);
  });

  it("tells a caller without proof nothing about paths and methods, and others all of it", async () => {
    expect((await api("GET", "/nothing", { token: null })).status).toBe(401);
    expect(await api("GET", "/nothing")).toMatchObject({
      status: 404,
      body: { code: "not-found" },
    });
    const wrong = await api("DELETE", "/routes");
    expect(wrong).toMatchObject({ status: 405, body: { code: "method-not-allowed" } });
    expect(wrong.headers.get("allow")).toBe("GET");
    expect((await api("PUT", "/routes/x/versions")).headers.get("allow")).toBe("GET");
    expect((await api("OPTIONS", "/routes")).status).toBe(405);
  });
});

describe("failures", () => {
  it("are counted by address, and slowed where a limiter is bound", async () => {
    const counted: string[] = [];
    const limiter = {
      limit: async ({ key }: { key: string }) => {
        counted.push(key);
        return { success: counted.length <= 2 };
      },
    };
    const ask: Ask = {
      token: "wrong",
      headers: { "cf-connecting-ip": "192.0.2.7" },
      env: { ...testEnv, ADMIN_LIMITER: limiter },
    };
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await api("GET", "/routes", ask)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect(counted).toEqual(["192.0.2.7", "192.0.2.7", "192.0.2.7"]);
    expect((await api("GET", "/routes", { ...ask, token: TOKENS.read })).status).toBe(200);
    expect(counted).toHaveLength(3);
  });

  it("never tell a token or what went wrong inside, to the log or to the caller", async () => {
    const secret = "a-token-nobody-may-see";
    await api("GET", "/routes", { token: secret });
    const broken = { ...testEnv, LEDGER: undefined };
    const answer = await api("GET", "/routes/x", { env: broken as unknown as Cloudflare.Env });
    const detail = expect.stringContaining("wrangler kv key put") as string;
    expect(answer).toMatchObject({ status: 503, body: { code: "ledger-unavailable", detail } });
    const kv = {
      list: () => Promise.reject(new Error("the inside of KV")),
    } as unknown as KVNamespace;
    // While the hub answers, the list is its own.
    const alone = { ...testEnv, ROUTING_CONFIG: kv, HUBS: undefined } as unknown as Cloudflare.Env;
    const failed = await api("GET", "/routes", { env: alone });
    expect(failed).toMatchObject({ status: 503, body: { code: "kv-unavailable" } });
    const thrown = {
      token: null,
      access: { aud: AUD, getIdentity: () => Promise.reject(new Error("the inside of Access")) },
      headers: assertion("https://example.cloudflareaccess.com"),
    };
    const oops = await api("GET", "/routes", thrown);
    expect(oops).toMatchObject({ status: 500, body: { code: "internal-error" } });
    const told = JSON.stringify([answer.body, failed.body, oops.body]);
    expect(told).not.toContain("inside of");
    const log = logged.join("\n");
    for (const hidden of [secret, ...Object.values(TOKENS)])
      expect(log + told).not.toContain(hidden);
    expect(log).toContain("could not prove who they are");
    expect(log).toContain("the inside of KV");
    expect(log).toContain("the inside of Access");
  });
});
