import { expect, test } from "vitest";

import { HubCore } from "../../../src/hub/core.ts";
import { MAX_GATEWAYS } from "../../../src/hub/gateways.ts";
import { ACTIVE_MS, FORGOTTEN_MS } from "../../../src/hub/isolates.ts";
import { STORED_MS } from "../../../src/hub/measure/storing.ts";
import { holding, HubWorld, keysOf } from "../../support/hub.ts";

const [KEY = ""] = keysOf(0, 1);

function world() {
  const hub = new HubWorld();
  const core = new HubCore(hub.platform());
  const report = (isolate: string, release?: unknown, more: object = {}) => {
    const routes = [{ key: KEY, version: 0, digest: "absent", requests: 1 }];
    const text = { v: 1, isolate, sequence: 1, routes, lookups: [], since: 0, release, ...more };
    core.report(0, JSON.stringify(text));
    return hub.now;
  };
  return { hub, core, report };
}

/** Which releases a shard tells, and how many isolates of each. */
const releases = (core: HubCore) =>
  core.health(0).gateways?.map(({ release, isolates }) => `${release} ${isolates}`);

test("a shard tells when it last heard of an isolate, and which gateways report, with how many isolates", () => {
  const { hub, core, report } = world();
  expect(core.health(0)).toMatchObject({ reportedAt: undefined, gateways: [] });
  report("old", "1.0.0", { worker: "w1" });
  hub.now += 1000;
  report("new", "1.1.0", { worker: "w2" });
  report("newer", "1.1.0", { worker: "w2" });
  report("same-release", "1.1.0", { worker: "w3" });
  const last = report("before-it-was-said");
  expect(core.health(0)).toMatchObject({
    reportedAt: last,
    gateways: [
      { release: "1.0.0", worker: "w1", isolates: 1 },
      { release: "1.1.0", worker: "w2", isolates: 2 },
      { release: "1.1.0", worker: "w3", isolates: 1 },
    ],
  });
});

test("an isolate that says nothing for two of the longest intervals counts no more for its release", () => {
  const { hub, core, report } = world();
  const first = report("old", "1.0.0");
  hub.now += 1000;
  const last = report("new", "1.1.0");
  hub.now = first + ACTIVE_MS - 1;
  expect(releases(core)).toEqual(["1.0.0 1", "1.1.0 1"]);
  hub.now = first + ACTIVE_MS;
  expect(core.health(0).reportedAt).toBe(last);
  expect(releases(core)).toEqual(["1.1.0 1"]);
});

test("a ledger hears of every release that was heard of in ten minutes, for a quiet isolate may serve again", () => {
  const { hub, core, report } = world();
  const first = report("old", "1.0.0", { worker: "w1" });
  report("other", "1.0.0", { worker: "w2" });
  hub.now += 1000;
  report("new", "1.1.0");
  hub.now = first + FORGOTTEN_MS - 1;
  expect(core.releases(0)).toEqual(["1.0.0", "1.1.0"]);
  hub.now = first + FORGOTTEN_MS;
  expect(core.releases(0)).toEqual(["1.1.0"]);
});

test("a shard that was lost and is made anew knows of which gateway its isolates are", async () => {
  const hub = new HubWorld();
  const tell = (isolate: string, release: string, worker: string) =>
    hub.report({ isolate, release, worker, routes: [holding(KEY, 0, null, 1)] });
  tell("old", "1.0.0", "w1");
  tell("new", "1.1.0", "w2");
  await hub.pass(STORED_MS);
  const before = hub.core.health(0).gateways;
  hub.crash();
  expect(hub.core.health(0).gateways).toEqual(before);
  expect(hub.core.releases(0)).toEqual(["1.0.0", "1.1.0"]);
  // What a release before this one has stored names none.
  const packed = JSON.parse(hub.core.store.packed()) as { isolates: unknown[][] };
  const isolates = packed.isolates.map((isolate) => isolate.slice(0, 3));
  hub.core.store.setPacked(JSON.stringify({ isolates, counts: [] }));
  hub.crash();
  expect(hub.core.releases(0)).toEqual([]);
  tell("old", "1.0.0", "w1");
  expect(hub.core.releases(0)).toEqual(["1.0.0"]);
});

test("an isolate is of the release that it named last", () => {
  const { core, report } = world();
  report("one", "1.0.0");
  report("one", "1.1.0", { sequence: 2 });
  expect(releases(core)).toEqual(["1.1.0 1"]);
});

test("however many gateways are made up, a bounded number is told, and room is made where some are gone", () => {
  const { hub, core, report } = world();
  const first = hub.now;
  for (let n = 0; n < MAX_GATEWAYS; n += 1) report(`isolate-${n}`, `0.0.${n}`);
  expect(releases(core)).toHaveLength(MAX_GATEWAYS);
  report("one-more", "9.9.9");
  expect(releases(core)).toHaveLength(MAX_GATEWAYS);
  hub.now = first + FORGOTTEN_MS;
  report("one-more", "9.9.9", { sequence: 2 });
  expect(releases(core)).toEqual(["9.9.9 1"]);
});
