import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import { identify } from "../../../src/decide/identity.ts";
import { encodeVisitor, type Visitor } from "../../../src/decide/visitor.ts";
import {
  factsFrom,
  FRESH_ID,
  NOW,
  withCookie,
  type Scene,
} from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { weighted } from "../policy/judge.ts";
import { leafAt } from "../policy/leaf.ts";

const KNOWN: Visitor = {
  id: "kJ3-x9_QmZ0aB7cD2eF4gH",
  seenAt: NOW - 5000,
  sentAt: NOW - 5000,
  pins: [],
};

const who = (sticky: unknown, scene: Scene = {}) => {
  const { sticky: compiled } = leafAt(ready(weighted({ sticky })));
  const pins = compiled !== false && compiled.mode === "pin";
  return identify(compiled, factsFrom(scene), pins);
};

describe("who a visitor is", () => {
  test("by default, whom the cookie says, or somebody new whom it will say", () => {
    expect(who({}, withCookie(KNOWN))).toEqual({
      visitor: KNOWN.id,
      known: KNOWN,
      isNew: false,
      source: "cookie",
      lasts: true,
    });
    expect(who({})).toEqual({
      visitor: FRESH_ID,
      known: { id: FRESH_ID, seenAt: NOW, sentAt: NOW, pins: [] },
      isNew: true,
      source: "cookie",
      lasts: true,
    });
  });

  test("nobody twice, where stickiness is off", () => {
    expect(who(false, withCookie(KNOWN))).toEqual({
      visitor: FRESH_ID,
      known: undefined,
      isNew: false,
      source: "nowhere",
      lasts: false,
    });
  });

  test("the first source of the list that has something", () => {
    const by = [{ header: "X-User-Id" }, { query: "uid" }, "cookie", "ip"];
    const all = { ...withCookie(KNOWN), ip: "192.0.2.7" };
    const header = { headers: { "x-user-id": "ada" } };
    const query = { queries: { uid: ["grace", "ada"] } };
    expect(who({ by }, { ...all, ...header, ...query }).visitor).toBe("ada");
    expect(who({ by }, { ...all, ...query }).visitor).toBe("grace");
    expect(who({ by }, all).visitor).toBe(KNOWN.id);
    expect(who({ by }, { ip: "192.0.2.7" }).visitor).toBe("192.0.2.7");
    expect(who({ by }).visitor).toBe(FRESH_ID);
    expect(who({ by: ["ip", "cookie"] }, all).visitor).toBe("192.0.2.7");
  });

  test("what is empty is nobody", () => {
    const by = [{ header: "x-user-id" }, { query: "uid" }];
    expect(who({ by }, { headers: { "x-user-id": "" }, queries: { uid: [""] } }).visitor).toBe(
      FRESH_ID,
    );
  });

  test("only a split that knows visitors by cookie makes one", () => {
    expect(who({ by: ["ip"] })).toEqual({
      visitor: FRESH_ID,
      known: undefined,
      isNew: false,
      source: "nowhere",
      lasts: false,
    });
    expect(who({ by: ["ip"] }, { ip: "192.0.2.7" }).known).toBeUndefined();
    expect(who({ by: ["ip", "cookie"] }, { ip: "192.0.2.7" }).known).toBeUndefined();
  });

  test("a pinning split needs the cookie even where something else names the visitor", () => {
    const by = [{ header: "x-user-id" }, "cookie"];
    const scene = { headers: { "x-user-id": "ada" } };
    expect(who({ by, mode: "pin" }, scene)).toMatchObject({
      visitor: "ada",
      known: { id: FRESH_ID },
      isNew: true,
    });
    expect(who({ by, mode: "pin" }, { ...scene, ...withCookie(KNOWN) })).toEqual({
      visitor: "ada",
      known: KNOWN,
      isNew: false,
      source: "header",
      lasts: true,
    });
  });

  test("the first cookie of the name that can be read counts; none of another name does", () => {
    const cookies = { sy: ["", "2.x", encodeVisitor(KNOWN), "1.x"], other: [encodeVisitor(KNOWN)] };
    expect(who({}, { cookies }).visitor).toBe(KNOWN.id);
    expect(who({ cookie: { name: "mine" } }, { cookies }).visitor).toBe(FRESH_ID);
    expect(who({ cookie: { name: "other" } }, { cookies }).visitor).toBe(KNOWN.id);
  });
});

describe("when the cookie is sent", () => {
  const ttlSeconds = 100;
  const remember = (fields: object, scene: Scene) =>
    decide(ready(weighted({ sticky: { cookie: { ttlSeconds }, ...fields } })), factsFrom(scene))
      ?.remember;
  const aged = (ms: number): Scene => withCookie({ ...KNOWN, sentAt: NOW - ms });

  test("when it is new", () => {
    expect(remember({}, {})).toEqual({ id: FRESH_ID, seenAt: NOW, sentAt: NOW, pins: [] });
  });

  test("past half its life, and not a millisecond before; when they were first seen stays", () => {
    expect(remember({}, aged(ttlSeconds * 500 - 1))).toBeUndefined();
    expect(remember({}, aged(ttlSeconds * 500))).toEqual({ ...KNOWN, sentAt: NOW });
  });

  test("when a pin is new, and not when it is there", () => {
    const pinned = remember({ mode: "pin" }, aged(0));
    expect(pinned?.pins).toHaveLength(1);
    if (pinned === undefined) throw new Error();
    expect(remember({ mode: "pin" }, withCookie(pinned))).toBeUndefined();
  });

  describe("beside one under another path or domain", () => {
    const both = (...visitors: Visitor[]): Scene => ({
      cookies: { sy: visitors.map(encodeVisitor) },
    });
    const wide = { ...KNOWN, sentAt: NOW - 10 };
    const pinned = remember({ mode: "pin" }, withCookie(wide));
    if (pinned === undefined) throw new Error();
    const elsewhere = { split: "other", variant: "b" };

    test("a pin is found in either, and not set again", () => {
      for (const scene of [both(wide, pinned), both(pinned, wide)])
        expect(remember({ mode: "pin" }, scene)).toBeUndefined();
      const wider = { ...wide, sentAt: NOW + 10, pins: [elsewhere] };
      expect(remember({ mode: "pin" }, both(wider, pinned))).toBeUndefined();
    });

    test("an old one is not renewed again and again by one that knows as much", () => {
      const old = { ...pinned, sentAt: NOW - ttlSeconds * 900 };
      expect(remember({ mode: "pin" }, both(old, pinned))).toBeUndefined();
      expect(remember({}, both({ ...old, pins: [] }, wide))).toBeUndefined();
    });

    test("what the other alone knows is renewed with it", () => {
      const old = { ...pinned, sentAt: NOW - ttlSeconds * 900 };
      const renewed = remember({ mode: "pin" }, both(old, { ...wide, pins: [elsewhere] }));
      expect(renewed?.pins).toEqual([...pinned.pins, elsewhere]);
    });

    test("another visitor's is nobody's", () => {
      const stranger = { ...pinned, id: "B".repeat(22), sentAt: NOW + 10 };
      expect(remember({ mode: "pin" }, both(wide, stranger))?.id).toBe(KNOWN.id);
    });
  });

  test("a malformed one is replaced", () => {
    expect(remember({}, { cookies: { sy: ["1.tampered"] } })?.id).toBe(FRESH_ID);
  });
});
