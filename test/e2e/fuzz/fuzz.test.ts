import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROBLEMS } from "../../../src/lib/gateway-problems.ts";
import { check, runs } from "../../support/property.ts";
import { volleys } from "./requests.ts";
import { startWorld, type Outcome, type World } from "./world.ts";

/** Requests of one run, sent at once. */
const SIZE = 20;
/** Together two thousand requests, the same ones each time. SY_RUNS multiplies them: CI sends ten thousand, `npm run fuzz` others. */
const RUNS = 100;
/** For one request, on a machine that is busy with other things. */
const SLOW_MS = 150;

/** Stack traces, file names, the runtime's own words: none of them is a client's business. */
const INTERNALS = /\bat .+:\d+|\.js\b|\.ts\b|TypeError|RangeError|workerd|stack/;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(async () => {
  await world?.close();
});

/** What is wrong with an outcome, in words; nothing where all is well. */
function faults({ answer, reached, route, bytes, shot }: Outcome): string[] {
  const found: string[] = [];
  const tenant = /r\d+t\d/.exec(route ?? "")?.[0];
  if (answer.statuses.includes(500)) found.push("a 500");
  if (answer.silent) found.push("left hanging");
  if (answer.statuses.filter((status) => status >= 200).length > 1)
    found.push("two answers to one request");
  // The platform sends no body with these.
  const length = shot.method === "GET" || shot.method === "HEAD" ? 0 : (shot.body?.length ?? 0);
  for (const one of reached) {
    if (one.tenant !== tenant) found.push(`another tenant's origin: ${one.tenant}, not ${tenant}`);
    if (one.method !== shot.method) found.push(`another method: ${one.method}`);
    if ((one.bytes ?? length) !== length) found.push(`another body: ${one.bytes} bytes`);
    if (one.route !== route) found.push(`another route: ${one.route}, not ${route}`);
  }
  if (answer.headers.get("content-type") === "application/problem+json" && answer.body !== "") {
    const code = /"code":"([\w-]+)"/.exec(answer.body)?.[1] ?? "";
    if (!Object.hasOwn(PROBLEMS, code)) found.push(`an unknown problem: ${answer.body}`);
    if (INTERNALS.test(answer.body)) found.push(`internals in a body: ${answer.body}`);
  }
  const cookies = answer.headers.get("set-cookie") ?? "";
  const cacheable = !/private|no-store/.test(answer.headers.get("cache-control") ?? "");
  if (/^\w+=1\.[\w-]{22}\./m.test(cookies) && cacheable)
    found.push("a visitor's cookie that a shared cache may store");
  return found.map((fault) => `${fault}\n${bytes}`);
}

describe("arbitrary requests to arbitrary policies", () => {
  test(
    `${RUNS * SIZE} of them: never a 500, never another tenant's origin, nothing internal`,
    async () => {
      let sent = 0;
      let served = 0;
      await check(
        fc.asyncProperty(volleys(SIZE), async (volley) => {
          const outcomes = await world.fire(volley);
          sent += outcomes.length;
          served += outcomes.filter(({ reached }) => reached.length > 0).length;
          expect(outcomes.flatMap(faults)).toEqual([]);
        }),
        { runs: RUNS },
      );
      expect(sent).toBeGreaterThanOrEqual(runs(RUNS) * SIZE);
      // A fuzz whose requests all bounce off the parser would prove nothing.
      expect(served / sent).toBeGreaterThan(0.2);
      expect(world.gateway.log()).not.toMatch(
        /unhandled rejection|rejected in waitUntil|a request failed inside|Uncaught/,
      );
    },
    runs(RUNS) * SIZE * SLOW_MS,
  );
});
