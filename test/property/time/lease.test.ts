import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { check } from "../../support/property.ts";
import { canaryOn, numberArbitrary, rampArbitrary, timeArbitrary } from "./ramps.ts";
import {
  ROUTE,
  compiled,
  cookieOf,
  factsOf,
  iso,
  pinnedCookie,
  visitorId,
  type Scene,
} from "./scene.ts";

/** Every way a visitor may come: unknown, known, or pinned. */
const cookiesArbitrary = fc
  .tuple(numberArbitrary, fc.constantFrom("none", "known", "stable", "canary"))
  .map(([number, kind]): NonNullable<Scene["cookies"]> => {
    if (kind === "none") return {};
    const id = visitorId(number);
    return kind === "known" ? cookieOf({ id }) : pinnedCookie(id, ROUTE, kind);
  });

const stickyArbitrary = fc.constantFrom<unknown>(
  {},
  { mode: "pin" },
  { mode: "pin", onZero: "evict" },
  { by: [{ header: "x-user-id" }, "cookie"], mode: "pin" },
  { by: ["ip"] },
  false,
);

const exposureArbitrary = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { coverage: 60 },
  { group: { name: "checkout", from: 20, to: 90 } },
);

/** A canary of a fixed percent, or on a ramp that may be paused. */
const canaryArbitrary = fc.oneof(
  fc
    .integer({ min: 0, max: 100 })
    .map((percent) => (more: Readonly<Record<string, unknown>>): unknown => ({
      strategy: "canary",
      stable: "https://stable.example.com",
      canary: "https://canary.example.com",
      percent,
      ...more,
    })),
  fc.tuple(rampArbitrary, fc.option(timeArbitrary, { nil: null })).map(
    ([ramp, pausedMs]) =>
      (more: Readonly<Record<string, unknown>>): unknown =>
        canaryOn(ramp, pausedMs, more),
  ),
);

const sceneArbitrary = fc.record({
  cookies: cookiesArbitrary,
  headers: fc.constantFrom<Record<string, string>>({}, { "x-user-id": "ada" }),
  ip: fc.constantFrom(undefined, "192.0.2.7"),
  draw: numberArbitrary.map(visitorId),
});

describe("a lease", () => {
  it("leaves nobody in the canary from its instant on, pinned ones included", () => {
    check(
      fc.property(
        canaryArbitrary,
        stickyArbitrary,
        exposureArbitrary,
        sceneArbitrary,
        timeArbitrary,
        fc.oneof(fc.constant(0), fc.nat({ max: 100_000_000 })),
        (canary, sticky, exposure, scene, until, later) => {
          const policy = compiled(canary({ sticky, ...exposure, lease: { until: iso(until) } }));
          const decision = decide(policy, factsOf({ ...scene, now: until + later }));
          expect(decision?.variant.name).toBe("stable");
          expect(["lease-expired", "not-covered", "pinned"]).toContain(decision?.reason);
          expect(decision?.counted).toBe(decision?.reason === "pinned");
        },
      ),
      { runs: 1000 },
    );
  });

  it("changes nothing up to its last instant", () => {
    check(
      fc.property(
        canaryArbitrary,
        stickyArbitrary,
        exposureArbitrary,
        sceneArbitrary,
        timeArbitrary,
        fc.nat({ max: 100_000 }),
        (canary, sticky, exposure, scene, until, earlier) => {
          const now = until - 1 - earlier;
          const leased = compiled(canary({ sticky, ...exposure, lease: { until: iso(until) } }));
          const free = compiled(canary({ sticky, ...exposure }));
          const [one, other] = [leased, free].map((policy) =>
            decide(policy, factsOf({ ...scene, now })),
          );
          expect(one?.variant.name).toBe(other?.variant.name);
          expect(one?.reason).toBe(other?.reason);
          expect(one?.remember).toEqual(other?.remember);
        },
      ),
      { runs: 500 },
    );
  });

  it("pins nobody once it has lapsed, so a new lease finds each visitor where they were", () => {
    check(
      fc.property(numberArbitrary, fc.boolean(), timeArbitrary, (number, wasPinned, until) => {
        const id = visitorId(number);
        const of = (lease: number) =>
          compiled({
            strategy: "canary",
            stable: "https://stable.example.com",
            canary: "https://canary.example.com",
            percent: 50,
            sticky: { mode: "pin" },
            lease: { until: iso(lease) },
          });
        const given = wasPinned ? pinnedCookie(id, ROUTE, "canary") : cookieOf({ id });
        const lapsed = decide(of(until), factsOf({ now: until, cookies: given }));
        expect(lapsed?.reason).toBe("lease-expired");
        // An old cookie may be renewed; what it remembers must not change.
        expect(lapsed?.remember?.pins.length ?? Number(wasPinned)).toBe(Number(wasPinned));
        const cookies = lapsed?.remember === undefined ? given : cookieOf(lapsed.remember);
        const renewed = decide(of(until + 2), factsOf({ now: until + 1, cookies }));
        const never = decide(of(until + 2), factsOf({ now: until + 1, cookies: given }));
        expect(renewed?.variant.name).toBe(never?.variant.name);
        expect(renewed?.reason).toBe(wasPinned ? "pinned" : "split");
      }),
    );
  });
});
