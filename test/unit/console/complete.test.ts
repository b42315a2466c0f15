import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { Reader, type Schema } from "../../../src/console/pages/editor/schema.ts";
import { spotAt } from "../../../src/console/pages/editor/spot.ts";
import { atCursor } from "./json.ts";

const FILE = new URL("../../../src/api/generated/policy.schema.json", import.meta.url);
const reader = new Reader(JSON.parse(readFileSync(FILE, "utf8")) as Schema);

function labels(marked: string): readonly string[] | undefined {
  const { tree, slice, pos } = atCursor(marked);
  const spot = spotAt(tree, slice, pos);
  if (spot === undefined) return undefined;
  const list =
    spot.kind === "name" ? reader.names(spot.way, spot.written) : reader.values(spot.way);
  return list.map(({ label }) => label);
}

describe("at a cursor", () => {
  test.each([
    ["of a new policy", "{|}", ["strategy", "origin", "variants", "stable", "paths"]],
    ["of a name that is begun", '{"strategy": "canary", "per|"}', ["percent", "ramp", "stable"]],
    ["of a name without quotes", '{"strategy": "canary", per|', ["percent"]],
    ["after a comma on a line of its own", '{\n  "strategy": "canary",\n  |\n}', ["percent"]],
    ["in a list", '{"strategy": "weighted", "variants": [{|}]}', ["name", "weight", "origin"]],
    [
      "far inside",
      '{"strategy": "path-map", "paths": {"/x": {"strategy": "canary", "ramp": {|}}}}',
      ["steps", "startAt"],
    ],
    [
      "in a rule",
      '{"origin": "https://a.example", "rules": [{"match": {|}}]}',
      ["path", "header", "country"],
    ],
  ])("%s the fields are offered", (_, marked, expected) => {
    expect(labels(marked)).toEqual(expect.arrayContaining([...expected]));
  });

  test.each([
    ["of a list of words", '{"strategy": "|"}', ['"weighted"', '"canary"', '"path-map"']],
    ["that is not begun", '{"strategy": |}', ['"weighted"']],
    ["of yes or no", '{"strategy": "canary", "rescue": |}', ["true", "false"]],
    ["in a list of words", '{"strategy": "canary", "sticky": {"by": [|]}}', ['"cookie"', '"ip"']],
    ["far inside", '{"strategy": "canary", "sticky": {"mode": "|"}}', ['"hash"', '"pin"']],
  ])("%s the values are offered", (_, marked, expected) => {
    expect(labels(marked)).toEqual(expect.arrayContaining([...expected]));
  });

  test("what belongs to another strategy, or is written, is not offered", () => {
    const offered = labels('{"strategy": "canary", "stable": "https://a.example", |}');
    expect(offered).not.toContain("variants");
    expect(offered).not.toContain("stable");
    expect(offered).not.toContain("strategy");
    expect(offered?.[0]).toBe("canary");
  });

  test.each(['{"strategy": "canary"}|', '{"strategy" |}', '{"a": {}|}'])(
    "nothing is offered where nothing may stand: %s",
    (marked) => {
      expect(labels(marked) ?? []).toEqual([]);
    },
  );

  test("names that every object has are no fields", () => {
    expect(labels('{"constructor": {"toString": {|}}}')).toEqual([]);
  });
});
