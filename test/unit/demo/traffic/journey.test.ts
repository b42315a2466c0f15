import { BlockList } from "node:net";

import { describe, expect, test } from "vitest";

import { addressOf } from "../../../../src/demo/traffic/address.ts";
import { Arrivals, TICK_MS } from "../../../../src/demo/traffic/arrivals.ts";
import { CHECKOUT, destinationOf, journeyOf } from "../../../../src/demo/traffic/journey.ts";
import { randomOf } from "../../../../src/demo/traffic/random.ts";

const AB = destinationOf("ab.localhost");
const OTHER = destinationOf("single.localhost");

/** What so many visitors of a variant do. */
const journeys = (count: number, seed: number, variant: string, to = AB) =>
  Array.from({ length: count }, (_, visitor) => {
    const { first, next } = journeyOf(to, randomOf(seed, visitor), visitor);
    return [first, ...next(variant).map(({ path }) => path)];
  });
const buyers = (paths: string[][]) => paths.filter((path) => path.at(-1)?.startsWith(CHECKOUT));

describe("what made-up visitors do", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(journeys(100, 7, "bold")).toEqual(journeys(100, 7, "bold"));
    expect(journeys(100, 7, "bold")).not.toEqual(journeys(100, 8, "bold"));
  });

  test.each([
    ["bold", 0.15],
    ["control", 0.08],
    ["calm", 0.08],
  ])("of visitors on %s the share that buys is %d", (variant, share) => {
    const count = 20_000;
    const bought = buyers(journeys(count, 1, variant)).length / count;
    // Five standard errors.
    expect(Math.abs(bought - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / count));
  });

  test("some look at a second page, each purchase has a number, and nothing is sold elsewhere", () => {
    const paths = journeys(1000, 1, "bold");
    const twice = paths.filter(([first, second]) => first === second).length;
    expect(twice).toBeGreaterThan(300);
    expect(twice).toBeLessThan(500);
    const orders = buyers(paths).map((path) => path.at(-1));
    expect(new Set(orders).size).toBe(orders.length);
    expect(buyers(journeys(1000, 1, "bold", OTHER))).toEqual([]);
  });

  test("they pause between pages, and a tenant that the path names stays in it", () => {
    const tenant = destinationOf("storefrontA");
    for (let visitor = 0; visitor < 200; visitor += 1) {
      const { first, next } = journeyOf(tenant, randomOf(1, visitor), visitor);
      expect(first).toBe("/storefrontA/");
      for (const { path, afterMs } of next("only")) {
        expect(path).toBe("/storefrontA/");
        expect(afterMs).toBeGreaterThanOrEqual(500);
        expect(afterMs).toBeLessThan(3000);
      }
    }
    expect(tenant.host).toBe("localhost");
  });
});

describe("when they come", () => {
  test("ten a second to the A/B route, one to another, over any minute", () => {
    const arrivals = new Arrivals([AB, OTHER], 0);
    const hosts: string[] = [];
    for (let now = TICK_MS; now <= 60_000; now += TICK_MS)
      hosts.push(...arrivals.until(now).map(({ host }) => host));
    const to = (host: string) => hosts.filter((one) => one === host).length;
    expect([to("ab.localhost"), to("single.localhost")]).toEqual([600, 60]);
  });

  test("nobody for the hours that a machine has slept", () => {
    const arrivals = new Arrivals([AB], 0);
    expect(arrivals.until(8 * 3_600_000)).toHaveLength(2);
    expect(arrivals.until(8 * 3_600_000 + TICK_MS)).toHaveLength(1);
  });
});

test("their addresses are the documentation's, by IPv6 each of its own network", () => {
  const documentation = new BlockList();
  documentation.addSubnet("192.0.2.0", 24, "ipv4");
  documentation.addSubnet("198.51.100.0", 24, "ipv4");
  documentation.addSubnet("203.0.113.0", 24, "ipv4");
  documentation.addSubnet("2001:db8::", 32, "ipv6");
  const visitors = [...Array.from({ length: 3048 }, (_, n) => n), 65_537, 9_999_999];
  const addresses = visitors.map(addressOf);
  for (const address of addresses)
    expect([
      address,
      documentation.check(address, address.includes(":") ? "ipv6" : "ipv4"),
    ]).toEqual([address, true]);
  expect(new Set(addresses).size).toBe(addresses.length);
  expect(addressOf(3048)).toBe(addressOf(0));
});
