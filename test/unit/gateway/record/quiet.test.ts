import { describe, expect, test } from "vitest";

import { evenly, traffic } from "./traffic.ts";
import { HOST, INTERVAL_MS, linesIn } from "./world.ts";

describe("a quiet isolate", () => {
  test("tells of a request that ends after the report that it set out for", async () => {
    const world = traffic({ [HOST]: evenly(["a"]) });
    world.come();
    await world.clock.pass(0);
    expect(world.told()).toHaveLength(1);
    world.go({ isServed: true });
    await world.clock.pass(INTERVAL_MS + 1);
    expect(linesIn(world.told())).toEqual(["a: 1 counted, 1 2xx, 1 split"]);
  });

  test("tells behind a report that was sent again what was counted meanwhile", async () => {
    const world = traffic({ [HOST]: evenly(["a"]) });
    world.hub.fails = true;
    world.go();
    await world.clock.pass(0);
    world.go();
    world.hub.fails = false;
    await world.clock.pass(3 * INTERVAL_MS);
    expect(linesIn(world.told())).toEqual(["a: 2 counted, 2 2xx, 2 split"]);
  });
});
