import { expect, test } from "vitest";

import { Networks } from "../../../../src/hub/guard/networks.ts";

const SPLIT = { key: "shop", experiment: "shop" };
const OTHER = { key: "shop", experiment: "other" };

test("different addresses count, of a variant as many as are enough", () => {
  const networks = new Networks();
  for (const address of ["a", "b", "a", "c", "d"]) networks.add(SPLIT, "canary", address, 3);
  networks.add(SPLIT, "stable", "a", 3);
  networks.add(OTHER, "canary", "z", 3);
  expect(networks.of(SPLIT)).toEqual({ canary: 3, stable: 1 });
  networks.forget(SPLIT);
  expect([networks.of(SPLIT), networks.of(OTHER)]).toEqual([{}, { canary: 1 }]);
});

test("above the bound of a shard nobody counts, until there is room", () => {
  const networks = new Networks(2);
  for (const address of ["a", "b", "c"]) networks.add(SPLIT, "canary", address, 10);
  networks.add(OTHER, "canary", "a", 10);
  expect([networks.of(SPLIT), networks.of(OTHER)]).toEqual([{ canary: 2 }, {}]);
  networks.keep("shop", new Set(["other"]));
  networks.add(OTHER, "canary", "a", 10);
  expect([networks.of(SPLIT), networks.of(OTHER)]).toEqual([{}, { canary: 1 }]);
});
