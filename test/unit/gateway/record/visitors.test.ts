import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { encodeVisitor, pinOf, type Pin } from "../../../../src/decide/visitor.ts";
import { readKey, type SipKey } from "../../../../src/lib/siphash.ts";
import { idCheck, visitorDigest } from "../../../../src/lib/visitor-digest.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { HOST, KEY_TEXT, measured, splitsIn, visitorsIn, type Visit } from "./world.ts";

const NOON = Date.UTC(2026, 10, 28, 12);
const MINUTE_MS = 60_000;

const KEY: SipKey = readKey(KEY_TEXT) ?? [];

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin("a", (request, response, next) =>
    request.url?.startsWith("/503") === true ? void response.writeHead(503).end() : next(),
  );
});

afterAll(async () => origin.close());

const split = (fields: object = {}) => ({
  strategy: "weighted",
  variants: [
    { name: "a", origin: origin.url, weight: 1 },
    { name: "b", origin: origin.url, weight: 0 },
  ],
  sticky: { by: ["cookie"] },
  ...fields,
});

const ID = "AAAAAAAAAAAAAAAAAAAAAA";

/** A cookie as the gateway gave it an hour ago. */
const cookie = ({
  id = ID,
  check = idCheck(KEY, id),
  pins = [] as readonly Pin[],
} = {}): Visit => ({
  headers: {
    cookie: `sy=${encodeVisitor({ id, ...(check === "" ? {} : { check }), seenAt: NOON - 60 * MINUTE_MS, sentAt: NOON, pins })}`,
  },
});

const told = async (policy: object, visit: Visit, path = "/") => {
  const world = measured({ [HOST]: policy });
  await world.visit(path, visit);
  return visitorsIn(await world.reports());
};

describe("a visitor", () => {
  test("is told of by digest, with the variant and when", async () => {
    expect(await told(split(), cookie())).toEqual([
      {
        experiment: HOST,
        digest: visitorDigest(KEY, HOST, ID),
        variant: "a",
        exposure: "drawn",
        at: NOON,
      },
    ]);
  });

  test.each<[string, object, Visit]>([
    ["a header", { sticky: { by: [{ header: "x-user" }] } }, { headers: { "x-user": "anna" } }],
    ["a query", { sticky: { by: [{ query: "user" }] } }, {}],
  ])("may be known by %s, which needs no check", async (_what, fields, visit) => {
    const [visitor, ...others] = await told(split(fields), visit, "/?user=anna");
    expect(visitor?.digest).toBe(visitorDigest(KEY, HOST, "anna"));
    expect(others).toEqual([]);
  });

  test("known by an address is none", async () => {
    const visit = { headers: { "cf-connecting-ip": "192.0.2.1" } };
    expect(await told(split({ sticky: { by: ["ip"] } }), visit)).toEqual([]);
  });

  test.each([
    ["document", 1],
    ["iframe", 1],
    ["empty", 0],
    ["", 0],
  ])("with a fresh id counts at once on a navigation: destination %j, %d", async (to, count) => {
    const visit = { headers: to === "" ? {} : { "sec-fetch-dest": to } };
    expect(await told(split(), visit)).toHaveLength(count);
  });

  test("with a fresh id counts when it comes back", async () => {
    const world = measured({ [HOST]: split() });
    const response = await world.visit("/");
    const [value = ""] = response.headers.getSetCookie()[0]?.split(";") ?? [];
    expect(visitorsIn(await world.reports())).toEqual([]);
    const [, id = ""] = /=1\.([\w-]{22})/.exec(value) ?? [];
    await world.visit("/", cookie({ id }));
    const digests = visitorsIn(await world.reports()).map(({ digest }) => digest);
    expect(digests).toEqual([visitorDigest(KEY, HOST, id)]);
  });

  test.each([
    ["none", ""],
    ["another id's", idCheck(KEY, "BBBBBBBBBBBBBBBBBBBBBB")],
  ])("whose id has %s as its check is counted as unchecked, once", async (_what, check) => {
    const world = measured({ [HOST]: split() });
    for (let click = 0; click < 3; click += 1) await world.visit("/", cookie({ check }));
    await world.reports();
    await world.visit("/", cookie({ check }));
    const splits = splitsIn(await world.reports());
    expect(splits.reduce((sum, { unchecked = 0 }) => sum + unchecked, 0)).toBe(1);
    expect(splits.flatMap(({ visitors = [] }) => visitors)).toEqual([]);
  });

  test("is nobody without a key", async () => {
    const world = measured({ [HOST]: split() }, {});
    await world.visit("/", cookie());
    const splits = splitsIn(await world.reports());
    expect(splits).toHaveLength(1);
    expect(splits[0]?.visitors).toEqual([]);
    expect(splits[0]?.unchecked).toBe(0);
  });

  test.each<[string, Visit]>([
    ["a HEAD", { ...cookie(), method: "HEAD" }],
    ["a prefetch", { headers: { ...cookie().headers, "sec-purpose": "prefetch" } }],
    ["a crawler's", { headers: { ...cookie().headers, "user-agent": "Googlebot/2.1" } }],
  ])("is not exposed by %s", async (_what, visit) => {
    expect(await told(split(), visit)).toEqual([]);
  });

  test("who clicks every five seconds is one line", async () => {
    const world = measured({ [HOST]: split() });
    for (let click = 0; click < 20; click += 1) {
      await world.visit("/", cookie());
      await world.reports();
    }
    expect(visitorsIn(world.told())).toHaveLength(1);
  });
});

describe("what led a visitor to the variant", () => {
  const pinning = (fields: object = {}) =>
    split({ sticky: { by: ["cookie"], mode: "pin" }, ...fields });
  const pin = (variant: string, more: object = {}) => ({ ...pinOf(HOST, variant), ...more });

  test.each<[string, Pin, object]>([
    ["a pin that the draw would repeat", pin("a"), { variant: "a", exposure: "pinned" }],
    ["a pin that it would not", pin("b"), { variant: "b", exposure: "older" }],
    ["a pin of a rule", pin("b", { byRule: true }), { variant: "b", exposure: "rule" }],
  ])("is %s", async (_what, one, expected) => {
    const [visitor] = await told(pinning(), cookie({ pins: [one] }));
    expect(visitor).toMatchObject(expected);
    expect(visitor?.seenAt).toBe(
      visitor?.exposure === "pinned" ? NOON - 60 * MINUTE_MS : undefined,
    );
  });

  test("is told anew with another variant under the same allocation", async () => {
    const world = measured({
      [HOST]: split({ sticky: { by: [{ header: "x-user" }, "cookie"], mode: "pin" } }),
    });
    const visit = (pins: Pin[]) => ({
      headers: { ...cookie({ pins }).headers, "x-user": "anna" },
    });
    await world.visit("/", visit([pin("a")]));
    await world.visit("/", visit([pin("b")]));
    await world.visit("/", visit([pin("a")]));
    const lines = visitorsIn(await world.reports());
    expect(lines.map(({ variant }) => variant).toSorted()).toEqual(["a", "b"]);
    expect(new Set(lines.map(({ digest }) => digest)).size).toBe(1);
  });
});

describe("a failure", () => {
  const from = (ip: string) => ({
    headers: { ...cookie().headers, "cf-connecting-ip": ip },
  });

  test("is told with its minute and the address, also of somebody told before", async () => {
    const world = measured({ [HOST]: split() });
    await world.visit("/", from("192.0.2.1"));
    await world.reports();
    await world.visit("/503", from("192.0.2.1"));
    await world.visit("/503", from("192.0.2.1"));
    await world.clock.pass(MINUTE_MS);
    await world.visit("/503", from("192.0.2.1"));
    const minute = NOON / MINUTE_MS;
    const lines = visitorsIn(await world.reports());
    expect(lines.map(({ failed }) => failed)).toEqual([undefined, [minute], [minute + 1]]);
    expect(lines.map(({ address }) => address !== undefined)).toEqual([false, true, true]);
  });

  test("has an address that is not a digest of any visitor, the same for one IPv6 network", async () => {
    const addressOf = async (ip: string) => {
      const [visitor] = await told(split(), from(ip), "/503");
      return visitor?.address;
    };
    const one = await addressOf("2001:db8::1");
    expect(one).toMatch(/^[\da-f]{16}$/);
    expect(await addressOf("2001:db8:0:0:ffff::9")).toBe(one);
    expect(await addressOf("2001:db8:0:1::1")).not.toBe(one);
    expect(await addressOf("::ffff:192.0.2.1")).toBe(await addressOf("192.0.2.1"));
    expect(await addressOf("192.0.2.1")).not.toBe(await addressOf("192.0.2.2"));
    expect(one).not.toBe(visitorDigest(KEY, HOST, "2001:db8:0:0"));
  });

  test("of a request that does not count is nobody's", async () => {
    expect(await told(split(), { ...cookie(), method: "HEAD" }, "/503")).toEqual([]);
  });
});

describe("samples", () => {
  test("leave out who is above the hub's rate, and no others", async () => {
    const world = measured({ [HOST]: split() });
    world.hub.says = () => ({ samples: [{ key: HOST, experiment: HOST, halvings: 2 }] });
    const ids = Array.from({ length: 64 }, (_, index) => `${index}`.padEnd(22, "A"));
    await world.visit("/", cookie({ id: ids[0] ?? "" }));
    await world.reports();
    for (const id of ids.slice(1)) await world.visit("/", cookie({ id }));
    const digests = visitorsIn(await world.reports()).map(({ digest }) => digest);
    const sampled = ids
      .slice(1)
      .map((id) => visitorDigest(KEY, HOST, id))
      .filter((digest) => /^[0-3]/.test(digest));
    expect(digests.slice(1).toSorted()).toEqual(sampled.toSorted());
  });

  test("are whole again where the hub says nothing of them", async () => {
    const world = measured({ [HOST]: split() });
    world.hub.says = () => ({ samples: [{ key: HOST, experiment: HOST, halvings: 40 }] });
    await world.visit("/", cookie());
    await world.reports();
    world.hub.says = () => ({ samples: [] });
    await world.visit("/", cookie({ id: "B".repeat(22) }));
    await world.reports();
    await world.visit("/", cookie({ id: "C".repeat(22) }));
    const digests = visitorsIn(await world.reports()).map(({ digest }) => digest);
    expect(digests).toEqual([ID, "C".repeat(22)].map((id) => visitorDigest(KEY, HOST, id)));
  });
});
