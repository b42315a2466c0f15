import * as fc from "fast-check";
import { expect, test } from "vitest";

import { inKv, isolate, textOf } from "../unit/gateway/load/isolate.ts";
import { check } from "../support/property.ts";

const KEY = "shop";

/** What happens next: time, a request, or somebody's state. `lag` is how many versions behind it is. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("edit" as const) }),
  fc.record({ kind: fc.constant("delete" as const) }),
  fc.record({ kind: fc.constant("sleep" as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
  fc.record({
    kind: fc.constant("kv" as const),
    lag: fc.nat({ max: 4 }),
    afterMs: fc.constantFrom(0, 30, 400, 1e9),
    fails: fc.boolean(),
    gone: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("hub" as const),
    lag: fc.nat({ max: 4 }),
    afterMs: fc.constantFrom(0, 30, 400, 1e9),
    fails: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("created" as const) }),
);

test("whoever answers first, late or wrongly, no text is ever older than one that was served", async () => {
  await check(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const world = isolate({ vars: { COLO_COPY_HOST: "gateway.example.com" } });
      /** Every version: whether it has a text. Versions count from 1. */
      const versions = [true];
      const hub = { lag: 0 };
      const kv = { lag: 0, gone: false };
      const at = (lag: number) => Math.max(1, versions.length - lag);
      const setKv = () => {
        const version = at(kv.lag);
        const isThere = versions[version - 1] === true && !kv.gone;
        if (isThere) world.kv.values.set(KEY, inKv(version));
        else world.kv.values.delete(KEY);
      };
      world.said.answer = ({ routes, lookups }) => {
        const version = at(hub.lag);
        // Older than what was reported, too: answers may come in any order.
        const asked = lookups.includes(KEY) || routes.some((route) => route.version !== version);
        const text = versions[version - 1] === true ? textOf(version) : null;
        return asked ? { routes: [{ key: KEY, version, text }] } : {};
      };
      setKv();
      let highest = 0;
      for (const next of steps) {
        if (next.kind === "edit") versions.push(true);
        else if (next.kind === "delete") versions.push(false);
        else if (next.kind === "sleep") world.clock.set(world.clock.now() + next.ms);
        else if (next.kind === "pass") await world.clock.pass(next.ms);
        else if (next.kind === "hub") {
          hub.lag = next.lag;
          Object.assign(world.said, { afterMs: next.afterMs, fails: next.fails });
        } else if (next.kind === "kv") {
          kv.lag = next.lag;
          kv.gone = next.gone;
          Object.assign(world.kv, { afterMs: next.afterMs, fails: next.fails });
        }
        setKv();
        const [{ version }, second] = await Promise.all([
          world.ask(KEY),
          world.ask(KEY),
          world.clock.pass(4000),
        ]);
        for (const served of [version, second.version]) {
          if (typeof served !== "number") continue;
          expect(served).toBeGreaterThanOrEqual(highest);
        }
        for (const served of [version, second.version])
          if (typeof served === "number") highest = Math.max(highest, served);
      }
    }),
    { runs: 300 },
  );
});
