import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseBody } from "../../../src/control/body.ts";
import { repeatedNames } from "../../../src/control/repeated-names.ts";
import { MAX_ISSUES } from "../../../src/lib/issue.ts";
import { check } from "../../support/property.ts";

const pathsOf = (text: string) => [...repeatedNames(text)].map(({ path }) => path);

test("a name that stands twice in one object is told with its path", () => {
  const text =
    '{"policy":{"variants":[{"a":1},{"a":1,"b":{"a":2},"a":{"b c":1,"b c":2}}]},"policy":1}';
  expect(pathsOf(text)).toEqual([
    "$.policy.variants[1].a",
    '$.policy.variants[1].a["b c"]',
    "$.policy",
  ]);
});

test("names are compared as they are read, not as they are written", () => {
  expect(
    pathsOf(String.raw`{"\u0061":1,"a":2,"\"":1,"\\\"":2,"__proto__":1,"__proto__":2}`),
  ).toEqual(["$.a", "$.__proto__"]);
});

test("a text that JSON.stringify makes has no name twice, whatever its strings hold", () => {
  check(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat({ max: 2 }), (value, indent) => {
      expect(pathsOf(JSON.stringify(value, undefined, indent))).toEqual([]);
    }),
  );
});

test("a name that is said again behind whatever the others say is always found", () => {
  const names = fc.uniqueArray(fc.string({ maxLength: 8 }), { minLength: 1, maxLength: 6 });
  check(
    fc.property(names, fc.jsonValue({ maxDepth: 3 }), fc.nat(), (unique, value, pick) => {
      const again = unique[pick % unique.length] ?? "";
      const members = [...unique, again].map(
        (name) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
      );
      expect(pathsOf(`[{${members.join(",\n")}}]`)).toHaveLength(1);
    }),
  );
});

test("no more are told than anybody reads, so that a name said on and on deep inside costs nothing", () => {
  const said = (times: number) => pathsOf(`[{${'"a":1,'.repeat(times - 1)}"a":1}]`);
  expect(said(MAX_ISSUES)).toHaveLength(MAX_ISSUES - 1);
  expect(said(MAX_ISSUES + 1)).toHaveLength(MAX_ISSUES);
  expect(said(MAX_ISSUES + 2)).toHaveLength(MAX_ISSUES);
});

test("a body that says a name twice is refused, and the refusal says where", () => {
  expect(() => parseBody('{"policy":{"type":"single","origin":"a","origin":"b"}}')).toThrow(
    expect.objectContaining({
      code: "body-invalid",
      members: { issues: [expect.objectContaining({ path: "$.policy.origin" })] },
    }),
  );
});
