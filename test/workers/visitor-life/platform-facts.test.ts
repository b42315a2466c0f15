import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

import { readConfig } from "../../../src/config/gateway.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { handle } from "../../../src/gateway/handle.ts";
import { workerPlatform } from "../../../src/gateway/platform.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

const policy = {
  strategy: "canary",
  stable: "https://stable.example.com",
  canary: "https://canary.example.com",
  percent: 0,
  bots: "canary",
  rules: [{ name: "german", match: { country: ["DE", "AT"] }, variant: "canary" }],
};

/** What a visitor gets of whom the edge says this. */
async function answerTo(cf: Record<string, unknown>, agent: string = BROWSER, served = policy) {
  await env.ROUTING_CONFIG.put("shop.example.com", JSON.stringify(served));
  const gateway = createGateway(
    readConfig(env),
    { read: async (keys) => env.ROUTING_CONFIG.getWithMetadata(keys, { type: "text" }) },
    undefined,
    { ...workerPlatform, fetch: async () => new Response("ok") },
  );
  const request = new Request("https://shop.example.com/", {
    headers: { "user-agent": agent },
    cf,
  });
  return handle(request, gateway, () => {});
}

const reasonFor = async (cf: Record<string, unknown>, agent: string = BROWSER) =>
  (await answerTo(cf, agent)).headers.get("x-reason");

test.each([
  ["nothing", {}, "split"],
  ["no category", { verifiedBotCategory: "" }, "split"],
  ["a category", { verifiedBotCategory: "Search Engine Crawler" }, "bot"],
  ["Bot Management's no", { botManagement: { verifiedBot: false, score: 1 } }, "split"],
  ["Bot Management's yes", { botManagement: { verifiedBot: true, score: 1 } }, "bot"],
])("a browser of which the edge says %s", async (_, cf, reason) => {
  expect(await reasonFor(cf)).toBe(reason);
});

test("a crawler that declares itself needs no word of the edge", async () => {
  expect(await reasonFor({}, CRAWLER)).toBe("bot");
});

test.each([
  ["DE", "rule"],
  ["at", "rule"],
  ["CH", "split"],
  ["T1", "split"],
])("a visitor from %s", async (country, reason) => {
  expect(await reasonFor({ country })).toBe(reason);
});

test("a crawler's answer is for no shared cache: no field of the request says who is verified", async () => {
  const withoutCountry = { ...policy, rules: [] };
  const answer = await answerTo({ verifiedBotCategory: "Search Engine" }, BROWSER, withoutCountry);
  expect(answer.headers.get("cache-control")).toBe("private");
});
