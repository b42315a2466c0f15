import { env } from "cloudflare:workers";
import { expect, test } from "vitest";

import { LOG_EVERY_MS } from "../../../src/gateway/record/rare-log.ts";
import { ORIGIN, world } from "./world.ts";

test("rows that cannot be written cost no answer, and a line of the log a minute", async () => {
  let tries = 0;
  const { visit, clock, logged } = world({
    metrics: {
      writeDataPoint: () => {
        tries += 1;
        throw new TypeError("the binding is broken");
      },
    },
  });
  await env.ROUTING_CONFIG.put("rows.example.com", JSON.stringify(ORIGIN));
  const begin = clock.now;
  const linesAt = async (after: number) => {
    clock.now = begin + after;
    expect((await visit("https://rows.example.com/")).code).toBe("one.example.com");
    return logged.filter(({ message }) => message === "a row could not be written").length;
  };
  expect(await linesAt(0)).toBe(1);
  expect(await linesAt(0)).toBe(1);
  expect(await linesAt(LOG_EVERY_MS - 1)).toBe(1);
  expect(await linesAt(LOG_EVERY_MS)).toBe(2);
  expect(await linesAt(2 * LOG_EVERY_MS - 1)).toBe(2);
  expect(await linesAt(2 * LOG_EVERY_MS)).toBe(3);
  // A clock that was set back an hour is not waited for.
  expect(await linesAt(-3_600_000)).toBe(4);
  expect(tries).toBe(7);
});
