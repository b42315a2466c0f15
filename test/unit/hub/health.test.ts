import { expect, test } from "vitest";

import { HubCore } from "../../../src/hub/core.ts";
import { ACTIVE_MS, MAX_RELEASES } from "../../../src/hub/isolates.ts";
import { HubWorld, keysOf } from "../../support/hub.ts";

const [KEY = ""] = keysOf(0, 1);

function world() {
  const hub = new HubWorld();
  const core = new HubCore(hub.platform());
  const report = (isolate: string, release?: unknown, sequence = 1) => {
    const routes = [{ key: KEY, version: 0, digest: "absent", requests: 1 }];
    const text = { v: 1, isolate, sequence, routes, lookups: [], since: 0, release };
    core.report(0, JSON.stringify(text));
    return hub.now;
  };
  return { hub, core, report };
}

test("a shard tells when it last heard of an isolate, and which releases report", () => {
  const { hub, core, report } = world();
  expect(core.health(0)).toMatchObject({ reportedAt: undefined, releases: [] });
  report("old", "1.0.0");
  hub.now += 1000;
  report("new", "1.1.0");
  const last = report("before-it-was-said");
  expect(core.health(0)).toMatchObject({ reportedAt: last, releases: ["1.0.0", "1.1.0"] });
});

test("an isolate that says nothing for two of the longest intervals counts no more for its release", () => {
  const { hub, core, report } = world();
  const first = report("old", "1.0.0");
  hub.now += 1000;
  const last = report("new", "1.1.0");
  hub.now = first + ACTIVE_MS - 1;
  expect(core.health(0).releases).toEqual(["1.0.0", "1.1.0"]);
  hub.now = first + ACTIVE_MS;
  expect(core.health(0)).toMatchObject({ reportedAt: last, releases: ["1.1.0"] });
});

test("an isolate is of the release that it named last", () => {
  const { core, report } = world();
  report("one", "1.0.0");
  report("one", "1.1.0", 2);
  expect(core.health(0).releases).toEqual(["1.1.0"]);
});

test("however many releases are made up, a bounded number is told", () => {
  const { core, report } = world();
  for (let n = 0; n < MAX_RELEASES; n += 1) report(`isolate-${n}`, `0.0.${n}`);
  expect(core.health(0).releases).toHaveLength(MAX_RELEASES);
  report("one-more", "9.9.9");
  expect(core.health(0).releases).toHaveLength(MAX_RELEASES);
});
