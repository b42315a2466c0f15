import { expect, test } from "vitest";

import { placesOf } from "../../../src/console/pages/editor/places.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { parsed } from "./json.ts";

const POLICY = `{
  "strategy": "weighted",
  "variants": [
    { "name": "a", "origin": "https://a.example", "weight": -1 },
    { "name": "b", "orign": "https://b.example", "weight": 1 }
  ],
  "a b.c": { "x": [1, [2, 3]] },
  "${"long".repeat(100)}": true
}`;

const shown = (paths: readonly string[], text = POLICY) => {
  const { tree, slice } = parsed(text);
  const places = placesOf(tree, slice, paths);
  return paths.map((path) => {
    const place = places.get(path);
    return place && slice(place.from, place.to);
  });
};

test("a path leads to its field or item", () => {
  expect(
    shown([
      "$.strategy",
      "$.variants[0].weight",
      '$["a b.c"].x[1][0]',
      '$["a b.c"].x[0]',
      "$.variants[1].orign",
    ]),
  ).toEqual(['"strategy": "weighted"', '"weight": -1', "2", "1", '"orign": "https://b.example"']);
});

test("a path to what is not there leads to the start of what it should be in", () => {
  expect(shown(["$.variants[1].origin", "$", "$.nothing.at.all", "$.variants[9]"])).toEqual([
    "{",
    "{",
    "{",
    "[",
  ]);
});

test("every path of an issue is found, those with long names too", () => {
  const result = parseValue(JSON.parse(POLICY), { allowPrivateOrigins: false });
  const paths = result.ok ? [] : result.issues.map(({ path }) => path);
  expect(paths).toHaveLength(new Set(paths).size);
  const places = shown(paths);
  expect(places).toContain('"weight": -1');
  expect(places).toContain('"orign": "https://b.example"');
  expect(places.some((place) => place?.startsWith('"longlong') === true)).toBe(true);
});

test("a text that is not JSON yet has places too", () => {
  expect(shown(["$.variants[0].weight", "$.variants"], '{"variants": [{"weight": ')).toEqual([
    '"weight": ',
    '"variants": [{"weight": ',
  ]);
  expect(shown(["$.a"], "")).toEqual([""]);
  expect(shown(["$"], "https://example.com")).toEqual(["h"]);
});
