/** docs/moving-to-two-workers.md, as far as the local runtime can go it: from one Worker with everything to two. */
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openJar, visit } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { startWorker } from "../support/worker.ts";
import { builtWorker } from "../support/worker-build.ts";

const TOKEN = "a-token-of-the-old-worker";
const sha256 = createHash("sha256").update(TOKEN).digest("hex");
const ADMIN_TOKENS = JSON.stringify([{ name: "mover", sha256, role: "write", scope: "*" }]);

/** As the one Worker was: the API under its path, everything else to the data plane. */
const ONE = `
import control from "./index.js";
import gateway from "./one-gateway.js";
export * from "./index.js";
export default {
  fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/.switchyard/")) return gateway.fetch(request, env, ctx);
    url.pathname = url.pathname.replace("/.switchyard", "");
    return control.fetch(new Request(url, request), env, ctx);
  },
};
`;

const KEY = "shop.example.com";

let folder = "";
let origins: readonly Origin[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-moving-"));
  origins = await Promise.all([startOrigin("stable"), startOrigin("canary")]);
  const built = await builtWorker("control");
  await copyFile(join(await builtWorker("gateway"), "index.js"), join(built, "one-gateway.js"));
  await writeFile(join(built, "one.js"), ONE);
});

afterAll(async () => {
  await Promise.all(origins.map((origin) => origin.close()));
  await rm(folder, { recursive: true, force: true });
});

const vars = { MEMORY_TTL_SECONDS: "0" };
const persist = () => join(folder, "state");
const registry = (name: string) => join(folder, name);

/** One request to an API, with its status and its answer. */
async function api(base: string, method: string, path: string, body?: unknown, match?: string) {
  const response = await fetch(base + path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      ...(match !== undefined && { "if-match": match }),
      ...(method === "PUT" && { "if-none-match": "*" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Readonly<Record<string, unknown>>;
  return { status: response.status, ...answer };
}

const jar = openJar();

/** What the same visitor gets each time: the decision, and the policy it comes from. */
async function seen(url: string) {
  const answer = await visit(url, { host: KEY, jar });
  return [
    answer.status,
    answer.echo().origin,
    answer.header("x-variant"),
    answer.header("x-policy-version"),
  ];
}

const canary = (percent: number) => ({
  strategy: "canary",
  stable: origins[0]?.url,
  canary: origins[1]?.url,
  percent,
});

test("one Worker becomes two: values, histories and visitors stay, and routes may go back", async () => {
  const secrets = { ADMIN_TOKENS };
  const place = { vars, secrets, persist: persist(), registry: registry("one") };
  const one = await startWorker("control", { entry: "one.js", ...place });
  const old = `${one.worker.url}/.switchyard/v1/routes/${KEY}`;
  const made = await api(old, "PUT", "", { policy: canary(50), note: "from the one Worker" });
  expect(made).toMatchObject({ status: 201, version: 1 });
  const before = await seen(one.worker.url);
  expect(before[0]).toBe(200);

  // Step 1 and 2: a gateway beside it, with KV alone; a route leads to one of them, and back.
  const alone = await startWorker("gateway", { vars, persist: persist(), registry: registry("a") });
  for (const { worker } of [alone, one, alone]) expect(await seen(worker.url)).toEqual(before);
  expect(
    (await visit(alone.worker.url, { host: KEY, path: "/.switchyard/v1/routes" })).status,
  ).toBe(404);
  const edited = { policy: { percent: 60 }, note: "while routes move" };
  expect(await api(old, "PATCH", "", edited, '"1"')).toMatchObject({ status: 200, version: 2 });
  // An answer or two may come from memory while the edit is read behind it.
  await expect.poll(async () => (await seen(one.worker.url))[3]).not.toBe(before[3]);
  const after = await seen(one.worker.url);
  await expect.poll(async () => seen(alone.worker.url)).toEqual(after);
  const stored = await (await one.kv()).get(KEY);
  await Promise.all([alone.worker.close(), one.worker.close()]);

  // Step 3: the control plane over the same storage, and the gateway with its hub.
  const both = { persist: persist(), registry: registry("both") };
  const control = await startWorker("control", { vars, secrets, ...both });
  const gateway = await startWorker("gateway", { vars, ...both });
  try {
    expect(await (await control.kv()).get(KEY)).toBe(stored);
    expect(await seen(gateway.worker.url)).toEqual(after);
    const now = `${control.worker.url}/v1/routes/${KEY}`;
    expect(await api(now, "GET", "")).toMatchObject({ version: 2, published: 2, drift: null });
    expect(await api(now, "GET", "/versions")).toMatchObject({
      versions: [
        { version: 2, note: "while routes move", author: "mover" },
        { version: 1, note: "from the one Worker", author: "mover" },
      ],
    });
    // The next version follows, and the way back to one that the old Worker made is open.
    expect(await api(now, "PATCH", "", { policy: { percent: 70 } }, '"2"')).toMatchObject({
      version: 3,
    });
    expect(await api(now, "POST", "/rollback", { version: 1 }, '"3"')).toMatchObject({
      version: 4,
    });
    await expect.poll(async () => seen(gateway.worker.url)).toEqual(before);
    // Nobody's page, and no longer the old place.
    expect((await visit(control.worker.url, { host: KEY, path: "/cart" })).status).toBe(404);
    expect((await api(`${control.worker.url}/.switchyard/v1/routes`, "GET", "")).status).toBe(404);
  } finally {
    await Promise.all([gateway.worker.close(), control.worker.close()]);
  }
});
