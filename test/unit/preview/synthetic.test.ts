import { expect, test } from "vitest";

import { factsOfDescription } from "../../../src/decide/request-description.ts";
import { decodeVisitor } from "../../../src/decide/visitor.ts";
import { candidateOf } from "../../../src/preview/plan.ts";
import { syntheticFacts, syntheticId } from "../../../src/preview/synthetic.ts";

const NOW = Date.UTC(2026, 11, 1, 12);
const WEEK_MS = 604_800_000;

test("an id is the same whether it is remembered or made, and whatever was asked for before", () => {
  const [last, beyond] = [syntheticId(9_999), syntheticId(10_000)];
  const ids = Array.from({ length: 10_001 }, (_, n) => syntheticId(n));
  expect([ids[9_999], ids[10_000]]).toEqual([last, beyond]);
  expect(Array.from({ length: 10_001 }, (_, n) => syntheticId(n))).toEqual(ids);
  expect(new Set(ids).size).toBe(10_001);
});

test("each visitor has a cookie of their own, a week old", () => {
  const base = factsOfDescription(
    { url: "http://shop.example.com/" },
    {
      candidate: candidateOf("shop.example.com"),
      cookieNames: [],
      now: NOW,
      randomId: () => "",
      override: undefined,
    },
  );
  const asked = {
    cookies: new Set(["sy"]),
    headers: new Set<string>(),
    queries: new Set<string>(),
    consents: new Map<string, string>(),
  };
  const factsOf = syntheticFacts(base, asked);
  for (const id of [syntheticId(0), syntheticId(1)]) {
    const [cookie = ""] = factsOf(id).cookie("sy");
    expect(decodeVisitor(cookie)).toEqual({ id, seenAt: NOW - WEEK_MS, sentAt: NOW, pins: [] });
  }
});
