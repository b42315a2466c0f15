import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { visit } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { startBare, type BareGateway } from "./hostile/bare.ts";

const APP = "https://app.example.com";
const OTHER = "https://other.example.com";
const split = (stable: string, canary: string) => ({
  strategy: "canary",
  stable,
  canary,
  percent: 50,
});

/** Carries what workerd tells Cloudflare's edge of a request. */
const CF = "x-cf-blob";

let everywhere: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  everywhere = await startOrigin("everywhere");
  gateway = await startBare({
    policies: {
      "alone.example.com": { origin: APP },
      "split.example.com": split(APP, `${APP}/next`),
      "apart.example.com": split(APP, OTHER),
      tenant: { origin: APP },
    },
    vars: { ALLOW_PRIVATE_ORIGINS: "false" },
    outboundPort: everywhere.port,
    outboundCfHeader: CF,
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), everywhere?.close()]);
});

describe("workerd tells the edge to keep nothing of an origin that serves several", () => {
  test.each([
    ["split.example.com", "/x.css", true],
    ["nobody.example.com", "/tenant/x.css", true],
    ["alone.example.com", "/x.css", false],
    ["apart.example.com", "/x.css", false],
  ])("%s%s: %s", async (host, path, keepsNothing) => {
    const answer = await visit(gateway.url, { host, path });
    expect(answer.status).toBe(200);
    const [told = "{}"] = answer.echo().headers[CF] ?? [];
    const { cacheTtlByStatus } = JSON.parse(told) as { cacheTtlByStatus?: unknown };
    expect(cacheTtlByStatus).toEqual(keepsNothing ? { "100-599": -1 } : undefined);
  });
});
