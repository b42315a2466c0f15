import { expect, test } from "vitest";

import { askedBy, EMPTY } from "../../../../src/console/pages/explain/asked.ts";
import { stepsOf, whyOf } from "../../../../src/console/pages/explain/in-words.ts";

const asked = (over: Partial<typeof EMPTY>) => {
  const result = askedBy({ ...EMPTY, ...over });
  return result.ok ? result.value : result.error.message;
};

test("a URL is asked for as an address bar takes it", () => {
  expect(asked({ request: " shop.example/cart " })).toEqual({
    request: { url: "https://shop.example/cart" },
    route: undefined,
  });
  expect(asked({ request: "http://shop.example" })).toMatchObject({
    request: { url: "http://shop.example" },
  });
});

test("what the form says goes over what the command says, and stands beside it", () => {
  const form = {
    request: "curl https://shop.example -H 'x-a: 1' -b p=1",
    headers: "x-b: 2\n\nCookie: q=2",
    method: "POST",
    country: "SE",
    visitor: "AAAAAAAAAAAAAAAAAAAAAA",
    at: "2026-01-02T03:04",
    route: "shop.example",
    version: "3",
  };
  expect(asked(form)).toEqual({
    request: {
      url: "https://shop.example",
      method: "POST",
      headers: { "x-a": "1", cookie: "p=1; q=2", "x-b": "2" },
      country: "SE",
      visitor: "AAAAAAAAAAAAAAAAAAAAAA",
      at: new Date("2026-01-02T03:04").toISOString(),
    },
    route: { key: "shop.example", version: 3 },
  });
});

test.each([
  [{}, "there is no request"],
  [{ request: "curl 'a" }, "a quote ' is not closed"],
  [{ request: "a.example", headers: "nonsense" }, '"nonsense" is not a header'],
  [{ request: "a.example", version: "0", route: "a" }, '"0" is not a version'],
  [{ request: "a.example", version: "1.5", route: "a" }, '"1.5" is not a version'],
  [{ request: "a.example", version: "1" }, "a version needs its route"],
])("%j: %s", (form, message) => {
  expect(asked(form)).toBe(message);
});

const EXPLANATION = {
  key: "shop.example",
  version: 4,
  at: "2026-01-01T00:00:00.000Z",
  path: "/",
  drawn: false,
  summary: "canary (split): the visitor's hash falls to this variant",
  steps: [
    { step: "pin", outcome: "none" },
    { step: "strategy", outcome: 'canary chooses "canary"' },
  ],
  decision: {
    variant: "canary",
    reason: "split",
    because: "split",
    origin: "https://new.example",
    path: "/",
    counted: true,
    mirrored: false,
    setsCookie: false,
    visitor: "AAAAAAAAAAAAAAAAAAAAAA",
  },
  answer: null,
};

test("a decision is told from the key that it leads to", () => {
  expect(stepsOf(EXPLANATION).map(({ title }) => title)).toEqual([
    "Route",
    "Visitor",
    "Remembered variant",
    "Draw",
  ]);
  expect(stepsOf(EXPLANATION)[0]?.outcome).toBe("shop.example, version 4");
  expect(stepsOf(EXPLANATION)[1]?.outcome).toContain("AAAAAAAAAAAAAAAAAAAAAA");
  expect(stepsOf({ ...EXPLANATION, drawn: true })[1]?.outcome).toContain("newcomer");
  expect(stepsOf({ ...EXPLANATION, decision: null, steps: [] })[1]?.outcome).toContain("nobody");
});

test("the reason is told once", () => {
  expect(whyOf(EXPLANATION)).toBe("the visitor's hash falls to this variant");
  expect(whyOf({ ...EXPLANATION, decision: null, summary: "answered with 204" })).toBe(
    "answered with 204",
  );
});
