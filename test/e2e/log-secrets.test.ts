import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { signToken, tokenKey } from "../../src/override/token.ts";
import { startFleet, type TestFleet } from "../support/gateway.ts";
import { visit } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { builtWorker, ENTRY } from "../support/worker-build.ts";

/** All that nobody but its owner may know has it, in any spelling that reaches a Worker as it is. */
const SECRET = "s3cr3t";
const OVERRIDE_SECRET = `${SECRET}-that-signs-links`;
const TOKEN = `${SECRET}-of-a-writer-of-policies`;
const VISITORS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** A runtime whose errors repeat the URL that was asked for: KV and hub throw so where a request wants it. */
const ENTRY_NAME = "telling-urls.js";
const TELLING = `
import worker from "./${ENTRY}";
export * from "./${ENTRY}";
const failing = (url) => () => Promise.reject(new TypeError("Fetch API cannot load: " + url));
export default {
  ...worker,
  fetch(request, env, ctx) {
    if (!request.headers.has("x-fail")) return worker.fetch(request, env, ctx);
    const fail = failing(request.url);
    return worker.fetch(request, { ...env, ROUTING_CONFIG: { getWithMetadata: fail }, HUB: { report: fail } }, ctx);
  },
};
`;

let origin: Origin;
let fleet: TestFleet;

beforeAll(async () => {
  origin = await startOrigin("origin");
  const down = await startOrigin("down");
  await down.close();
  await writeFile(join(await builtWorker(), ENTRY_NAME), TELLING);
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  fleet = await startFleet({
    entry: ENTRY_NAME,
    policies: {
      shop: { strategy: "canary", stable: origin.url, canary: down.url, percent: 100 },
      invalid: { origin: origin.url, colour: "red" },
      keyed: { origin: origin.url, headers: { request: { set: { a: { secret: "POLICY_NO" } } } } },
    },
    vars: { MEMORY_TTL_SECONDS: "0", ORIGIN_BINDINGS: "NOT_THERE" },
    secrets: { OVERRIDE_SECRET },
    admin: {
      secrets: {
        ADMIN_TOKENS: JSON.stringify([{ name: "writer", sha256, role: "write", scope: "*" }]),
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([fleet?.close(), origin?.close()]);
});

const claim = { route: "shop", variant: "canary", expiresAt: Date.now() + 3_600_000 };

/** A request that carries secrets wherever a visitor, a browser or a program may have one. */
const laden = (key: string, qa: string, more: Readonly<Record<string, string>> = {}) =>
  visit(fleet.url, {
    path: `/${key}/reset/${SECRET}?sy=${qa}&token=${SECRET}`,
    headers: {
      authorization: `Bearer ${SECRET}`,
      cookie: `session=${SECRET}; sy-override=${qa}; CF_Authorization=${SECRET}`,
      referer: `https://shop.example.com/?sy=${SECRET}`,
      "x-api-key": SECRET,
      "cf-access-jwt-assertion": SECRET,
      ...more,
    },
  });

/** The same for the control plane: a token that is right or wrong, and a query nobody knows. */
const call = (path: string, token: string, body?: unknown) =>
  fetch(`${fleet.control.url}${path}`, {
    method: body === undefined ? "GET" : "PUT",
    headers: { authorization: `Bearer ${token}`, cookie: `CF_Authorization=${SECRET}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

test("no line of either Worker's log repeats what a request carries", async () => {
  const qa = await signToken(claim, await tokenKey(OVERRIDE_SECRET));
  for (const ip of VISITORS) await laden("shop", qa, { "cf-connecting-ip": `192.0.2.${ip}` });
  await fleet.logged(/an origin is down/);
  await laden("shop", `sy1.${SECRET}.${SECRET}`);
  await laden("invalid", qa);
  await fleet.logged(/the policy is invalid/);
  await laden("keyed", qa);
  await fleet.logged(/a policy's secret is not there/);
  await fleet.logged(/a binding of ORIGIN_BINDINGS is not there/);
  // The runtime's own words would tell the URL.
  expect((await laden("unseen", qa, { "x-fail": "1" })).status).toBe(503);
  const failed = await fleet.logged(/KV read failed/);
  expect(failed.message).toMatch(/Fetch API cannot load: http:\/\/[^/]+\/…"/);

  await call(`/v1/routes/shop?token=${SECRET}`, `${SECRET}-and-wrong`);
  await fleet.control.logged(/could not prove who they are/);
  await fleet.put("put-by-hand", { origin: origin.url });
  await call("/v1/routes/put-by-hand", TOKEN, { policy: { origin: `${origin.url}/${SECRET}` } });
  await call(`/v1/routes/made?note=${SECRET}`, TOKEN, { policy: { origin: origin.url } });

  const lines = [...fleet.logs(), ...fleet.control.logs()].map(({ message }) => message);
  expect(lines.length).toBeGreaterThanOrEqual(6);
  const [, payload = qa] = qa.split(".");
  for (const line of lines)
    for (const hidden of [SECRET, payload, "reset"]) expect(line).not.toContain(hidden);
});
