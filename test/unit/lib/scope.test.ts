import { describe, expect, it } from "vitest";

import { covers, fits } from "../../../src/lib/scope.ts";

describe("a pattern", () => {
  it.each([
    ["*", "anything", true],
    ["*", "*", true],
    ["shop", "shop", true],
    ["shop", "shopper", false],
    ["shop-*", "shop-", true],
    ["shop-*", "shop", false],
    ["*.example.com", "a.example.com", true],
    ["*.example.com", "*.example.com", true],
    ["*.example.com", "a.example.com.evil", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "abc", true],
    ["a*b*b", "ab", false],
    ["ab*ba", "aba", false],
    ["", "", true],
    ["", "x", false],
  ])("%s against %s: %s", (pattern, text, isFit) => {
    expect(fits(pattern, text)).toBe(isFit);
  });

  it.each([
    ["storefront*", "storefrontA", true],
    ["storefront*", "storefront.example.com", false],
    ["storefront*", "storefronts.evil.org", false],
    ["store*A", "store.example.comA", false],
    ["**", "shop.example.com", false],
    ["**", "shop", true],
    ["**", "*", false],
    ["*", "shop.example.com", true],
    ["*", "shop", true],
    ["*", "*", true],
    ["*.example.com", "shop.example.com", true],
    ["*.example.com", "*.example.com", true],
    ["*.*", "shop.example.com", true],
    ["*.*", "shop", false],
    ["*.*", "*", false],
    ["shop.example.com", "shop.example.com", true],
    ["", "*", false],
  ])("%s covers the key %s: %s", (pattern, key, isCovered) => {
    expect(covers(pattern, key)).toBe(isCovered);
  });
});
