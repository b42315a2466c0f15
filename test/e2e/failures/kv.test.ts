import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { KV_RETRY_MS, KV_TIMEOUT_MS } from "../../../src/gateway/load/kv.ts";
import { startKvGateway, type KvGateway } from "../../support/failing-kv.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { see } from "./seen.ts";

const MEMORY_TTL_MS = 1000;

let shop: Origin;
let gateway: KvGateway;

beforeAll(async () => {
  shop = await startOrigin("shop");
  gateway = await startKvGateway({
    policies: { known: { origin: shop.url }, unseen: { origin: shop.url } },
    vars: { MEMORY_TTL_SECONDS: String(MEMORY_TTL_MS / 1000) },
  });
  await see(`${gateway.url}/known/`);
});
afterAll(() => Promise.all([gateway?.close(), shop?.close()]));
afterEach(async () => {
  await gateway.setKv("works");
  await sleep(KV_RETRY_MS);
});

test("KV throws: what is in memory serves on, past its time; what is not is a 503", async () => {
  await gateway.setKv("throws");
  await sleep(MEMORY_TTL_MS);
  for (let i = 0; i < 20; i++) expect((await see(`${gateway.url}/known/`)).answer).toBe("200");
  const unseen = await see(`${gateway.url}/unseen/`);
  expect(unseen.answer).toBe("503 config-unavailable");
  expect(unseen.head.header("retry-after")).toBe("5");
  await gateway.logged(/KV read failed; serving what is in memory.*500 Internal Server Error/);
});

test("KV hangs: what is in memory serves at once, what is not fails after KV_TIMEOUT_MS", async () => {
  await gateway.setKv("hangs");
  await sleep(MEMORY_TTL_MS);
  const known = await see(`${gateway.url}/known/`);
  expect([known.answer, known.headMs < KV_TIMEOUT_MS / 2]).toEqual(["200", true]);
  const unseen = await see(`${gateway.url}/unseen/`);
  expect(unseen.answer).toBe("503 config-unavailable");
  expect(unseen.headMs).toBeGreaterThan(KV_TIMEOUT_MS * 0.9);
  expect(unseen.headMs).toBeLessThan(KV_TIMEOUT_MS * 2);
  await gateway.logged(/KV did not answer in time/);
});

test("KV works again: the next request for what was missing is served", async () => {
  expect((await see(`${gateway.url}/unseen/`)).answer).toBe("200");
});

test("an invalid policy put over a good one: the good one serves on, and the log says why", async () => {
  await gateway.put("known", { origin: shop.url, orgin: "x" });
  await sleep(MEMORY_TTL_MS);
  await see(`${gateway.url}/known/`);
  const line = await gateway.logged(/the policy is invalid; serving version/);
  expect(line.level).toBe("error");
  expect(line.message).toContain("orgin");
  expect((await see(`${gateway.url}/known/`)).answer).toBe("200");
});

test("an invalid policy and none before it: 503", async () => {
  await gateway.put("broken", "{");
  expect((await see(`${gateway.url}/broken/`)).answer).toBe("503 policy-invalid");
  await gateway.logged(/the policy is invalid; serving nothing.*"route":"broken"/);
});
