import { describe, expect, test } from "vitest";

import { HubCore } from "../../../src/hub/core.ts";
import { OVER_BUDGET } from "../../../src/report/wire.ts";
import { HubWorld, keysOf } from "../../support/hub.ts";

const DAY_MS = 86_400_000;
const PER_DAY = 100;
const [KEY = ""] = keysOf(0, 1);

/** A shard with a budget; how many of so many reports, a second apart, it takes. */
function world(reportsPerDay: number | undefined = PER_DAY) {
  const hub = new HubWorld();
  let core = new HubCore({ ...hub.platform(), ...(reportsPerDay && { reportsPerDay }) });
  let sequence = 0;
  const take = (count: number) => {
    let taken = 0;
    for (let n = 0; n < count; n += 1) {
      hub.now += 1000;
      sequence += 1;
      const routes = [{ key: KEY, version: 0, digest: "absent", requests: 1 }];
      const report = { v: 1, isolate: "one", sequence, routes, lookups: [], since: 0 };
      if (core.report(0, JSON.stringify(report)) !== OVER_BUDGET) taken += 1;
    }
    return taken;
  };
  /** The object ends, and is made anew from what it has stored. */
  const restart = () => {
    core = new HubCore({ ...hub.platform(), ...(reportsPerDay && { reportsPerDay }) });
  };
  return { hub, take, restart, core: () => core };
}

describe("a day's budget of reports", () => {
  test("is taken to the last one, and no further", () => {
    const { take } = world();
    expect([take(PER_DAY - 1), take(1), take(1), take(50)]).toEqual([PER_DAY - 1, 1, 0, 0]);
  });

  test("says when it is spent, and takes nothing to say so", () => {
    const { hub, take, restart, core } = world(3);
    const isSpent = () => core().health(0).spent;
    take(2);
    expect([isSpent(), isSpent(), take(1), isSpent(), take(1)]).toEqual([false, false, 1, true, 0]);
    restart();
    expect(isSpent()).toBe(true);
    hub.now += DAY_MS;
    expect([isSpent(), take(4)]).toEqual([false, 3]);
    expect(world(undefined).core().health(0).spent).toBe(false);
  });

  test("begins anew at midnight, UTC", () => {
    const { hub, take } = world();
    take(PER_DAY + 1);
    hub.now = (Math.floor(hub.now / DAY_MS) + 1) * DAY_MS - 1001;
    expect(take(1)).toBe(0);
    expect(take(PER_DAY + 1)).toBe(PER_DAY);
  });

  test("does not carry over what was left of the day before", () => {
    const { hub, take } = world();
    take(8);
    hub.now += DAY_MS;
    expect(take(PER_DAY + 10)).toBe(PER_DAY);
  });

  test("is never exceeded by an object that ends and begins again, and half of it is taken at least", () => {
    for (const between of [1, 2, 10, 40]) {
      const { take, restart } = world();
      let taken = 0;
      for (let n = 0; n < 3 * PER_DAY; n += between) {
        taken += take(between);
        restart();
      }
      expect(taken).toBeLessThanOrEqual(PER_DAY);
      expect(taken).toBeGreaterThanOrEqual(PER_DAY / 2);
    }
  });

  test("costs a busy object a row for 64 reports", () => {
    const { hub, take } = world(100_000);
    take(7);
    const before = hub.sql.exec<{ used: number }>("SELECT used FROM budget").toArray();
    take(640);
    const after = hub.sql.exec<{ used: number }>("SELECT used FROM budget").toArray();
    expect([before[0]?.used, after[0]?.used]).toEqual([7, 703]);
  });

  test("is nobody's but the reports': a ledger is heard when it is spent", () => {
    const { take, core } = world();
    take(PER_DAY + 1);
    expect(
      core().publish({ key: KEY, version: 3, text: '"https://a.example.com"', at: 5 }),
    ).toEqual(expect.objectContaining({ version: 3 }));
    expect(core().newest(KEY).version).toBe(3);
    expect(core().list(0, { prefix: "", search: "", after: "", limit: 5 }).routes).toHaveLength(1);
  });

  test("is not there where nobody says one", () => {
    const { hub, take } = world(0);
    expect(take(1000)).toBe(1000);
    expect(hub.sql.exec("SELECT * FROM budget").toArray()).toEqual([]);
  });
});
