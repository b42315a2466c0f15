import { describe, expect, test } from "vitest";
import {
  encodeName,
  setDecision,
  type DecisionInfo,
} from "../../../../src/gateway/forward/decision-fields.ts";

const INFO: DecisionInfo = {
  route: "shop.example.com",
  variant: "green",
  decided: undefined,
  experiment: undefined,
  reason: "split",
  counted: true,
  digest: undefined,
};

describe("what the origin is told of the decision", () => {
  const told = (changes: Partial<DecisionInfo>) => {
    const headers = new Headers();
    setDecision(headers, { ...INFO, ...changes });
    return Object.fromEntries(headers);
  };

  test("variant, reason, whether it counts, and the experiment by name", () => {
    expect(told({ experiment: "shop/store@2", reason: "pinned", counted: false })).toEqual({
      "x-switchyard-route": "shop.example.com",
      "x-switchyard-variant": "green",
      "x-switchyard-experiment": "shop/store@2",
      "x-switchyard-reason": "pinned",
      "x-switchyard-counted": "0",
    });
  });

  test("the variant that is asked, and beside it the one in whose place", () => {
    expect(told({ variant: "fallback", decided: "漢 canary" })).toMatchObject({
      "x-switchyard-variant": "fallback",
      "x-switchyard-decided": encodeURIComponent("漢 canary"),
    });
  });

  test("an experiment named in anything but visible ASCII is percent-encoded", () => {
    expect(told({ experiment: "a\nb: ü" })["x-switchyard-experiment"]).toBe("a%0Ab%3A%20%C3%BC");
  });

  test.each([
    ["green", "green"],
    ["two words", "two words"],
    ["grün", "gr%C3%BCn"],
    ["a\r\nx: y", "a%0D%0Ax%3A%20y"],
  ])("the name %j travels as %j", (name, encoded) => {
    expect(encodeName(name)).toBe(encoded);
  });
});
