import { describe, expect, it } from "vitest";
import { Changes } from "../../../src/hub/changes.ts";

describe("what changes in a shard", () => {
  it("is counted route by route, and of all together", () => {
    const changes = new Changes();
    changes.route("a");
    const [a, b, last] = [changes.of("a"), changes.of("b"), changes.last];
    changes.route("b");
    expect(changes.of("a")).toBe(a);
    expect(changes.of("b")).toBeGreaterThan(b);
    expect(changes.last).toBeGreaterThan(last);
  });

  it("may be of the shard alone, or of every route", () => {
    const changes = new Changes();
    changes.route("a");
    const [a, last] = [changes.of("a"), changes.last];
    changes.shard();
    expect([changes.of("a"), changes.of("b")]).toEqual([a, 0]);
    expect(changes.last).toBeGreaterThan(last);
    const before = changes.last;
    changes.all();
    expect(Math.min(changes.of("a"), changes.of("b"))).toBeGreaterThan(before);
  });

  it("is remembered of so many routes; what is forgotten is never taken to be older than it is", () => {
    const changes = new Changes(2);
    changes.route("a");
    changes.route("b");
    const [a, b] = [changes.of("a"), changes.of("b")];
    changes.route("b");
    expect(changes.of("a")).toBe(a);
    changes.route("c");
    expect([changes.of("a"), changes.of("never")]).toEqual([a, a]);
    expect(changes.of("b")).toBeGreaterThan(b);
    changes.route("d");
    expect(changes.of("a")).toBeGreaterThan(a);
    expect(changes.of("a")).toBe(changes.of("b"));
  });
});
