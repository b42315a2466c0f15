import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decide } from "../../support/decide.ts";
import { check } from "../../support/property.ts";
import { EPOCH_MS, HOUR_MS, numberArbitrary } from "./ramps.ts";
import { compiled, cookieOf, factsOf, iso, visitorId } from "./scene.ts";

const AT = EPOCH_MS;

const colours = fc.constantFrom<readonly ["blue" | "green", "blue" | "green"]>(
  ["blue", "green"],
  ["green", "blue"],
);

interface Switch {
  readonly from: "blue" | "green";
  readonly to: "blue" | "green";
  readonly drainSeconds?: number;
  readonly more?: Readonly<Record<string, unknown>>;
}

const blueGreen = ({ from, to, drainSeconds, more }: Switch) =>
  compiled({
    strategy: "blue-green",
    blue: "https://blue.example.com",
    green: "https://green.example.com",
    active: from,
    next: {
      active: to,
      at: iso(AT),
      ...(drainSeconds === undefined ? {} : { drainSeconds }),
    },
    ...more,
  });

const seen = (seenAt: number, sentAt: number = seenAt) =>
  cookieOf({ id: visitorId(1), seenAt, sentAt });

describe("a cut-over", () => {
  it("is at one instant: the old colour to the last millisecond before, the new one from it", () => {
    for (const [from, to] of [
      ["blue", "green"],
      ["green", "blue"],
    ] as const) {
      const policy = blueGreen({ from, to });
      for (const cookies of [{}, seen(AT - 1000)]) {
        const at = (now: number) => decide(policy, factsOf({ now, cookies }));
        expect(at(AT - 1)?.variant.name).toBe(from);
        expect(at(AT)?.variant.name).toBe(to);
        expect(at(AT)?.reason).toBe("active");
        expect(at(AT)?.remember).toBeUndefined();
      }
    }
  });

  it("drains from its instant up to the last millisecond, for those seen before it", () => {
    check(
      fc.property(
        colours,
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        ([from, to], drainSeconds, before) => {
          const policy = blueGreen({ from, to, drainSeconds });
          const end = AT + drainSeconds * 1000;
          const ask = (now: number, seenAt: number) =>
            decide(policy, factsOf({ now, cookies: seen(seenAt, now) }));
          expect(ask(AT - 1, AT - before - 1)?.variant.name).toBe(from);
          expect(ask(AT - 1, AT - before - 1)?.reason).toBe("active");
          for (const now of [AT, AT + 1, end - 1]) {
            expect(ask(now, AT - before)?.variant.name).toBe(from);
            expect(ask(now, AT - before)?.reason).toBe("draining");
            expect(ask(now, AT - 1)?.reason).toBe("draining");
            expect(ask(now, AT)?.variant.name).toBe(to);
            expect(ask(now, AT)?.reason).toBe("active");
            expect(decide(policy, factsOf({ now }))?.variant.name).toBe(to);
          }
          for (const now of [end, end + 1, end + HOUR_MS]) {
            expect(ask(now, AT - before)?.variant.name).toBe(to);
            expect(ask(now, AT - before)?.reason).toBe("active");
          }
        },
      ),
    );
  });

  it("marks who is here ahead of a drain, by the cookie alone and once", () => {
    const policy = blueGreen({ from: "blue", to: "green", drainSeconds: 600 });
    const first = decide(policy, factsOf({ now: AT - 5000, draw: visitorId(7) }));
    expect(first?.remember).toEqual({
      id: visitorId(7),
      seenAt: AT - 5000,
      sentAt: AT - 5000,
      pins: [],
    });
    const cookies = cookieOf(first?.remember ?? { id: "" });
    const again = decide(policy, factsOf({ now: AT + 1, cookies }));
    expect(again?.reason).toBe("draining");
    expect(again?.remember).toBeUndefined();
  });

  it("is refused with a drain that no cookie can mark visitors for, whoever says so", () => {
    const drain = (more: Readonly<Record<string, unknown>>, drainSeconds = 600) =>
      blueGreen({ from: "blue", to: "green", drainSeconds, more });
    for (const sticky of [false, { by: ["ip"] }, { by: [{ header: "x-user-id" }, "ip"] }]) {
      expect(() => drain({ sticky })).toThrow("$.next.drainSeconds");
      expect(() => drain({ sticky }, 0)).not.toThrow();
      const inner = {
        strategy: "blue-green",
        blue: "https://blue.example.com",
        green: "https://green.example.com",
        active: "blue",
        next: { active: "green", at: iso(AT), drainSeconds: 1 },
      };
      const map = (child: object) => ({
        strategy: "path-map",
        sticky,
        paths: { "/a": { strategy: "path-map", paths: { "/a/b": child } } },
      });
      expect(() => compiled(map(inner))).toThrow('$.paths["/a"].paths["/a/b"].next.drainSeconds');
      expect(() => compiled(map({ ...inner, sticky: {} }))).not.toThrow();
    }
  });

  it("drains under any coverage and group, on whatever level they stand, and however visitors are known beside the cookie", () => {
    const groups = fc.record({
      name: fc.constantFrom("checkout", "shop"),
      from: fc.constantFrom(0, 30),
      to: fc.constantFrom(31, 60, 100),
    });
    const narrowing = fc.record(
      {
        coverage: fc.constantFrom(0, 1, 50, 100),
        group: groups,
        sticky: fc.record({
          by: fc.constantFrom(
            ["cookie"],
            [{ header: "x-user-id" }, "cookie"],
            [{ query: "uid" }, "cookie"],
            ["ip", "cookie"],
            ["cookie", "ip"],
          ),
          mode: fc.constantFrom("hash", "pin"),
        }),
      },
      { requiredKeys: [] },
    );
    const naming = fc.constantFrom(
      {},
      { headers: { "x-user-id": "ada" } },
      { query: { uid: ["ada"] } },
      { ip: "192.0.2.7" },
    );
    check(
      fc.property(
        colours,
        narrowing,
        fc.boolean(),
        naming,
        naming,
        numberArbitrary,
        ([from, to], fields, isInherited, first, then, number) => {
          const own = { from, to, drainSeconds: 600 };
          const inner = {
            strategy: "blue-green",
            blue: "https://blue.example.com",
            green: "https://green.example.com",
            active: from,
            next: { active: to, at: iso(AT), drainSeconds: 600 },
          };
          const policy = isInherited
            ? compiled({ strategy: "path-map", paths: {}, default: inner, ...fields })
            : blueGreen({ ...own, more: fields });
          const here = decide(
            policy,
            factsOf({ now: AT - 1000, draw: visitorId(number), ...first }),
          );
          const cookies = here?.remember === undefined ? {} : cookieOf(here.remember);
          for (const now of [AT, AT + 599_999]) {
            const decision = decide(policy, factsOf({ now, cookies, ...then }));
            // "cookie" before "ip" names by address whom no cookie names yet: the drain gives them one all the same.
            expect([decision?.variant.name, decision?.reason]).toEqual([from, "draining"]);
          }
          const after = decide(policy, factsOf({ now: AT + 600_000, cookies, ...then }));
          expect(after?.variant.name).toBe(to);
          const late = decide(policy, factsOf({ now: AT, draw: visitorId(number), ...then }));
          expect(late?.variant.name).toBe(to);
        },
      ),
      { runs: 500 },
    );
  });

  it("to the colour that is active already changes nothing and drains nobody", () => {
    const policy = blueGreen({ from: "green", to: "green", drainSeconds: 600 });
    for (const now of [AT - 1, AT, AT + 1000, AT + 600_000]) {
      const decision = decide(policy, factsOf({ now, cookies: seen(AT - 5000, now) }));
      expect([decision?.variant.name, decision?.reason]).toEqual(["green", "active"]);
    }
    expect(decide(policy, factsOf({ now: AT - 1 }))?.remember).toBeUndefined();
  });

  it("moves a visitor once and never back, whenever they come, with the cookies they were given", () => {
    check(
      fc.property(
        colours,
        fc.nat({ max: 3600 }),
        numberArbitrary,
        fc.array(fc.integer({ min: -3_600_000, max: 7_200_000 }), { minLength: 1, maxLength: 20 }),
        ([from, to], drainSeconds, number, offsets) => {
          const policy = blueGreen({ from, to, drainSeconds });
          let cookies: Record<string, readonly string[]> = {};
          let first: number | undefined;
          const path: string[] = [];
          for (const now of offsets.map((offset) => AT + offset).toSorted((a, b) => a - b)) {
            const decision = decide(policy, factsOf({ now, cookies, draw: visitorId(number) }));
            if (decision?.remember !== undefined) cookies = cookieOf(decision.remember);
            first ??= now;
            const stays = now < AT || (first < AT && now < AT + drainSeconds * 1000);
            expect(decision?.variant.name).toBe(stays ? from : to);
            path.push(decision?.variant.name ?? "");
          }
          const turns = path.filter((colour, index) => index > 0 && colour !== path[index - 1]);
          expect(turns.length).toBeLessThanOrEqual(1);
        },
      ),
      { runs: 300 },
    );
  });
});
