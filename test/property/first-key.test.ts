import * as fc from "fast-check";
import { expect, test } from "vitest";

import { STALE_MS } from "../../src/lib/propagation.ts";
import { ABSENT, byHand, isolate, TTL_MS } from "../unit/gateway/load/isolate.ts";
import { check } from "../support/property.ts";

/** Hosts with keys of their own, wildcards that some share, and what all share. */
const REQUESTS = [
  ["a.one.com", "*.one.com", "*.com", "*"],
  ["b.one.com", "*.one.com", "*.com", "*"],
  ["a.two.com", "*.two.com", "*.com", "*"],
  ["a.two.com", "*.two.com", "*.com", "shop", "*"],
  ["b.two.com", "*.two.com", "*.com", "shop", "*"],
] as const;

const KEYS = [...new Set(REQUESTS.flat())];

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ask: fc.constantFrom(...REQUESTS) }) },
  fc.record({ put: fc.constantFrom(...KEYS) }),
  fc.record({ remove: fc.constantFrom(...KEYS) }),
  fc.record({
    sleepMs: fc.oneof(
      fc.constantFrom(1, TTL_MS - 1, TTL_MS, STALE_MS, TTL_MS + STALE_MS - 1, TTL_MS + STALE_MS),
      fc.integer({ min: 1, max: 60_000 }),
    ),
  }),
);

/** What KV has had under a key: since when (ms), which text. */
interface Was {
  readonly since: number;
  readonly name: string | undefined;
}

/** The texts that a key had at any time after one (ms), `undefined` for none. */
const namesAfter = (past: readonly Was[], time: number) =>
  past.filter((_, index) => (past[index + 1]?.since ?? Infinity) > time).map(({ name }) => name);

test("whichever keys are read, the one that serves is what reading all of them would give, no older than memory allows", async () => {
  await check(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
      const world = isolate({ hub: false });
      const past = new Map<string, Was[]>(
        KEYS.map((key) => [key, [{ since: 0, name: undefined }]]),
      );
      const wrong: string[] = [];
      let edits = 0;
      const edit = (key: string, name: string | undefined) => {
        world.kv.values.set(key, name === undefined ? ABSENT : byHand(name));
        past.get(key)?.push({ since: world.clock.now(), name });
      };
      for (const next of steps) {
        if ("put" in next) edit(next.put, `edit-${(edits += 1)}`);
        else if ("remove" in next) edit(next.remove, undefined);
        else if ("sleepMs" in next) world.clock.set(world.clock.now() + next.sleepMs);
        else {
          const { version } = await world.askFor(0, ...next.ask);
          const oldest = world.clock.now() - TTL_MS - STALE_MS;
          const had = (key: string) => namesAfter(past.get(key) ?? [], oldest);
          const index = next.ask.findIndex((key) => had(key).some((name) => name === version));
          const ahead = version === "nothing" ? next.ask : next.ask.slice(0, index);
          if (version !== "nothing" && index < 0) wrong.push(`${version} is too old`);
          for (const key of ahead)
            if (!had(key).includes(undefined)) wrong.push(`${key} was there all the time`);
        }
      }
      expect(wrong).toEqual([]);
    }),
  );
});
