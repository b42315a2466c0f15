import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { visit } from "../../support/jar.ts";
import { startBare, type BareGateway } from "./bare.ts";

const KINDS = ["host,path", "path", "host", ""];
let gateways: BareGateway[] = [];

beforeAll(async () => {
  gateways = await Promise.all(
    KINDS.map(async (kinds) => startBare({ policies: {}, vars: { TENANT_BY: kinds } })),
  );
});

afterAll(async () => {
  await Promise.all(gateways.map(async (gateway) => gateway.close()));
});

describe("where nothing matches, the code says what is missing", () => {
  test.each([
    ["host,path", "unknown.example.com", "/", 404, "route-not-found"],
    ["host,path", "unknown.example.com", "/-/x", 404, "route-not-found"],
    ["host,path", "unknown.example.com", "/tenant/x", 404, "route-not-found"],
    // No route is made for an address or a name without a dot: the path has to say whose it is.
    ["host,path", "127.0.0.1", "/", 400, "tenant-required"],
    ["host,path", "localhost", "/", 400, "tenant-required"],
    ["host,path", "localhost", "/tenant/x", 404, "route-not-found"],
    ["path", "unknown.example.com", "/", 400, "tenant-required"],
    ["path", "unknown.example.com", "/tenant", 404, "route-not-found"],
    ["host", "unknown.example.com", "/", 404, "route-not-found"],
    ["host", "localhost", "/", 404, "route-not-found"],
    ["", "unknown.example.com", "/", 404, "route-not-found"],
  ])("TENANT_BY=%j: %s%s is %i %s", async (kinds, host, path, status, code) => {
    const url = gateways[KINDS.indexOf(kinds)]?.url ?? "";
    const answer = await visit(url, { host, path });
    expect([answer.status, answer.json()]).toMatchObject([status, { code }]);
  });
});
