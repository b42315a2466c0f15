import * as fc from "fast-check";
import { Cookie, CookieJar } from "tough-cookie";
import { describe, expect, test } from "vitest";
import { decide } from "../support/decide.ts";
import { decodeVisitor, encodeVisitor } from "../../src/decide/visitor.ts";
import { readCookie, visitorCookie, withoutCookies } from "../../src/gateway/respond/cookies.ts";
import { check } from "../support/property.ts";
import { cookieHeaders, foreignPairs, ourPairs } from "./arbitraries/cookies.ts";
import { factsFrom, FRESH_ID, NOW, visitors } from "./arbitraries/facts.ts";
import { stickies } from "./arbitraries/fields.ts";
import { characters, ids } from "./arbitraries/text.ts";
import { canaryOf, ready } from "./population.ts";

const RUNS = 1000;
const POLICY = ready(canaryOf(50, "salt", { sticky: {} }));

/** Without the blanks of a field value, of which nobody's cookie has a part. */
const bare = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, "");

/** What a Cookie field names, to the eye of somebody who splits it at semicolons. */
const nameOf = (pair: string) => bare(pair.split("=", 1)[0] ?? "");

describe("arbitrary Cookie headers", () => {
  test("never break the request: whatever stands there, somebody serves", () => {
    check(
      fc.property(fc.oneof(cookieHeaders, fc.string({ unit: characters })), (header) => {
        const cookie = (name: string) => readCookie(header, name);
        const decision = decide(POLICY, { ...factsFrom(), cookie });
        expect(decision?.reason).toBe("split");
        expect(withoutCookies(header, ["sy"])?.length ?? 0).toBeLessThanOrEqual(header.length);
      }),
      { runs: RUNS },
    );
  });

  test("never lose another's cookie: what is left is what came, less ours, byte for byte and in order", () => {
    const others = foreignPairs.filter((pair) => nameOf(pair) !== "sy" && bare(pair) !== "");
    const mixed = fc.array(
      fc.oneof(
        { arbitrary: others.map((pair) => ({ pair, ours: false })), weight: 2 },
        { arbitrary: ourPairs.map((pair) => ({ pair, ours: true })), weight: 1 },
      ),
      { maxLength: 6 },
    );
    check(
      fc.property(mixed, (pairs) => {
        const header = pairs.map(({ pair }) => pair).join(";");
        const rest = pairs.flatMap(({ pair, ours }) => (ours ? [] : [pair])).join(";");
        expect(bare(withoutCookies(header, ["sy"]) ?? "")).toBe(bare(rest));
      }),
      { runs: RUNS },
    );
  });

  test("hide no cookie from a rule: each well-formed one is read, ours and theirs", () => {
    check(
      fc.property(fc.array(foreignPairs), ids, (pairs, id) => {
        const whole = pairs.filter((pair) => !pair.includes(";"));
        const mine = encodeVisitor({ id, seenAt: NOW, sentAt: NOW, pins: [] });
        const header = [...whole, `marker=${id}`, `sy=${mine}`].join("; ");
        expect(readCookie(header, "marker")).toContain(id);
        expect(readCookie(header, "sy")).toContain(mine);
      }),
      { runs: RUNS },
    );
  });

  test("cost nobody their variant: a visitor's cookie counts among any others, and beside broken copies", () => {
    check(
      fc.property(fc.array(foreignPairs, { maxLength: 4 }), fc.nat(4), ids, (pairs, place, id) => {
        const mine = encodeVisitor({ id, seenAt: NOW, sentAt: NOW, pins: [] });
        const header = pairs.toSpliced(place, 0, `sy=${mine}`).join("; ");
        const facts = { ...factsFrom(), cookie: (name: string) => readCookie(header, name) };
        const alone = factsFrom({ cookies: { sy: [mine] } });
        expect(decide(POLICY, facts)?.variant.name).toBe(decide(POLICY, alone)?.variant.name);
        expect(decide(POLICY, facts)?.remember).toBeUndefined();
      }),
      { runs: RUNS },
    );
  });
});

describe("the visitor's cookie", () => {
  test("comes back from a browser as it was sent, under every setting a policy may have", async () => {
    const settings = stickies.map((sticky) => (sticky === false ? {} : sticky));
    await check(
      fc.asyncProperty(settings, visitors, fc.boolean(), async (sticky, visitor, secure) => {
        const { sticky: compiled } = decide(ready(canaryOf(50, "salt", { sticky })), factsFrom())
          ?.node ?? { sticky: false };
        if (compiled === false) throw new Error("the policy is sticky");
        const field = visitorCookie(visitor, compiled.cookie, { path: "/", secure });
        const parsed = Cookie.parse(field);
        expect(parsed?.httpOnly).toBe(true);
        expect(parsed?.secure).toBe(secure);
        expect(field.includes("Partitioned")).toBe(compiled.cookie.partitioned && secure);
        // Browsers refuse a cookie that says SameSite=None without Secure: better a laxer one than none.
        expect(/SameSite=None/i.test(field)).toBe(compiled.cookie.sameSite === "none" && secure);

        const host = compiled.cookie.domain ?? "shop.example.com";
        const url = `${secure ? "https" : "http"}://${host}/`;
        const jar = new CookieJar();
        await jar.setCookie(field, url);
        const values = readCookie(await jar.getCookieString(url), compiled.cookie.name);
        expect(values.map(decodeVisitor)).toEqual([visitor]);
      }),
      { runs: 300 },
    );
  });

  test("is read or ignored, never half read: any text is a visitor that encodes to itself, or none", () => {
    const near = fc
      .tuple(visitors.map(encodeVisitor), fc.nat(60), fc.string({ maxLength: 2 }))
      .map(([value, index, put]) => value.slice(0, index) + put + value.slice(index + 1));
    check(
      fc.property(fc.oneof(near, fc.string(), visitors.map(encodeVisitor)), (value) => {
        const visitor = decodeVisitor(value);
        if (visitor === undefined) return;
        expect(decodeVisitor(encodeVisitor(visitor))).toEqual(visitor);
      }),
      { runs: RUNS },
    );
    expect(decodeVisitor(`1.${FRESH_ID}.1.1`)?.id).toBe(FRESH_ID);
  });
});
