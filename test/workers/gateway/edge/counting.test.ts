import { expect, test } from "vitest";

import { readReport } from "../../../../src/report/decode.ts";
import { halves, HOST, ownCache, world, type Origin } from "./world.ts";

const VISITOR_KEY = "000102030405060708090a0b0c0d0e0f";

/** Past the next report of the gateway's (ms). */
const REPORTED_MS = 6000;

const VISITS = 12;

/** What the hub is told of splits and goals when a few visitors have asked for two pages, some with copies of their own. */
async function toldOf(fields: object, origin: Origin) {
  const texts: string[] = [];
  const hub = {
    report: async (_shard: number, text: string): Promise<string> => {
      texts.push(text);
      const { sequence } = JSON.parse(text) as { sequence: number };
      const news = { v: 1, sequence, nextMs: 1000, routes: [], unknown: [], filled: true };
      return JSON.stringify({ ...news, more: false, created: [], cursor: 1 });
    },
  };
  const policy = halves({
    sticky: { by: [{ header: "x-user" }] },
    goals: [
      { name: "seen", match: { path: "/done" } },
      { name: "sold", from: "origin" },
    ],
    ...fields,
  });
  // Copies are waited for by themselves: what is told waits for the next report.
  const openOwn = ownCache();
  const puts: Promise<void>[] = [];
  const openEdge = async () => {
    const cache = await openOwn();
    const put = async (url: string, copy: Response) => {
      const done = cache.put(url, copy);
      puts.push(done);
      return done;
    };
    return { match: async (url: string) => cache.match(url), put };
  };
  const options = { origin, hub, openEdge, vars: { VISITOR_KEY } };
  const { open, pass, asked } = world({ [HOST]: policy }, options);
  let kept = 0;
  for (let visit = 0; visit < VISITS; visit += 1)
    for (const path of ["/", "/done"]) {
      const headers = { "x-user": `u${visit}`, ...(visit > 8 && { "if-none-match": '"v1"' }) };
      const response = await open(path, { headers });
      await response.text();
      kept += response.headers.get("cache-status")?.endsWith("stored") === true ? 1 : 0;
      await expect.poll(() => puts.length).toBe(kept);
      await Promise.all(puts);
    }
  const before = asked.length;
  const counts = () => texts.filter((text) => text.includes("latency"));
  await expect
    .poll(() => {
      pass(REPORTED_MS);
      return counts().length;
    })
    .toBeGreaterThan(0);
  const told = counts().map((text) => {
    const read = readReport(text);
    if (!read.ok) throw new Error(read.error);
    return read.value.routes.map(({ splits, goals }) => ({ splits, goals }));
  });
  return { asked: before, told: told.flat().filter(({ splits, goals }) => splits ?? goals) };
}

const page: Origin = ({ headers }) =>
  new Response(headers.has("if-none-match") ? null : "page", {
    status: headers.has("if-none-match") ? 304 : 200,
    headers: { etag: '"v1"' },
  });

test("what is answered from copies is counted as what is not: requests, visitors, goals", async () => {
  const without = await toldOf({ cache: { ttlSeconds: 0 } }, page);
  const withCopies = await toldOf({}, page);
  expect([without.asked, withCopies.asked]).toEqual([2 * VISITS, 4]);
  expect(JSON.stringify(without.told)).toContain("seen");
  expect(withCopies.told).toEqual(without.told);
});

test("a goal that an origin tells of is told each time", async () => {
  const selling: Origin = () => new Response("sold", { headers: { "x-switchyard-goal": "sold" } });
  const { asked, told } = await toldOf({}, selling);
  expect(asked).toBe(2 * VISITS);
  expect(JSON.stringify(told).match(/"goal":"sold"/g)?.length).toBe(VISITS);
});
