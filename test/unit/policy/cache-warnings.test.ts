import { describe, expect, test } from "vitest";

import { parseValue } from "../../../src/policy/parse.ts";
import { warningsOf } from "../../../src/policy/warnings.ts";
import { ORIGIN, pathMap, weighted } from "./judge.ts";

const cache = { ttlSeconds: 60 };
const consent = { cookie: "ok" };
const bare = { request: { remove: ["Cookie"] } };
const constant = { request: { set: { cookie: "a=1" } } };
const shown = { response: { remove: ["cookie"] } };

const kept = (fields: object = {}) => weighted({ cache, ...fields });
const below = (policy: unknown, fields: object) => pathMap({ paths: { "/a": policy }, ...fields });
const variants = (...ofEach: readonly object[]) =>
  ofEach.map((more, index) => ({ name: `v${index}`, origin: ORIGIN, weight: 1, ...more }));

const HERE = ["$.cache"];
const BELOW = ['$.paths["/a"].cache'];

describe("a warning that copies are never used", () => {
  test.each<[string, unknown, readonly string[]]>([
    ["where origins are told who asks", kept({ visitorHeader: true }), HERE],
    ["where a map says so", below(kept(), { visitorHeader: true }), BELOW],
    ["where the consent cookie reaches origins", kept({ consent }), HERE],
    ["where a map asks for consent", below(kept(), { consent }), BELOW],
    ["where cookies are taken from answers alone", kept({ consent, headers: shown }), HERE],
    ["not without either", kept(), []],
    ["not for a split without cookies", kept({ sticky: false }), []],
    ["not for no copies at all", weighted({ cache: { ttlSeconds: 0 }, consent }), []],
    ["not where cookies are taken away", kept({ consent, headers: bare }), []],
    ["not where a map takes them away", below(kept(), { consent, headers: bare }), []],
    ["not where all get the same", kept({ consent, headers: constant }), []],
    [
      "not where one variant takes them away",
      kept({ consent, variants: variants({}, { headers: bare }) }),
      [],
    ],
    [
      "not where one origin takes them away",
      kept({ consent, variants: variants({}, { origin: { url: ORIGIN, headers: bare } }) }),
      [],
    ],
  ])("%s", (_, policy, paths) => {
    const parsed = parseValue(policy, { allowPrivateOrigins: false });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    expect(warningsOf(parsed.policy).map(({ path }) => path)).toEqual(paths);
  });
});
