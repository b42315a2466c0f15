import * as fc from "fast-check";
import { expect, test } from "vitest";

import { decide } from "../support/decide.ts";
import { decodeVisitor, encodeVisitor } from "../../src/decide/visitor.ts";
import { remembered } from "../../src/gateway/respond/cookies.ts";
import { readKey } from "../../src/lib/siphash.ts";
import { idCheck } from "../../src/lib/visitor-digest.ts";
import { check } from "../support/property.ts";
import { factsFrom, scenes, visitors, type Scene } from "./arbitraries/facts.ts";
import { stickies } from "./arbitraries/fields.ts";
import { policies } from "./arbitraries/policies.ts";
import { canaryOf, ready } from "./population.ts";

const RUNS = 1000;
/** Any policy, and often one that hashes by cookie. */
const routes = fc.oneof(
  policies(),
  stickies.map((sticky) => canaryOf(50, "salt", { sticky })),
);

const KEY = readKey("000102030405060708090a0b0c0d0e0f");
if (KEY === undefined) throw new Error("the key is none");

const isGood = (id: string, mark: string | undefined) => mark === idCheck(KEY, id);

/** Every id that came with a good check, under whatever name. */
const vouchedFor = ({ cookies = {} }: Scene) =>
  new Set(
    Object.values(cookies)
      .flat()
      .map(decodeVisitor)
      .flatMap((one) => (one !== undefined && isGood(one.id, one.check) ? [one.id] : [])),
  );

/** As `scenes`, and some of the cookies are ones that the gateway made itself. */
const visits = fc.tuple(scenes, fc.option(visitors)).map(([scene, known]): Scene => {
  if (known === null) return scene;
  const own = encodeVisitor({ ...known, check: idCheck(KEY, known.id) });
  return { ...scene, cookies: { ...scene.cookies, sy: [own] } };
});

test("no cookie without a good check ever becomes one with a good check, on any policy", () => {
  const met = { given: 0, kept: 0, unchecked: 0 };
  check(
    fc.property(routes, visits, (policy, scene) => {
      const decision = decide(ready(policy), factsFrom(scene));
      if (decision === undefined) return;
      const sent = remembered(decision, KEY);
      expect(sent === undefined).toBe(decision.remember === undefined);
      if (sent === undefined) return;
      const isNew = decision.who?.isNew === true;
      const good = isGood(sent.id, sent.check);
      const wanted = isNew ? sent.id === scene.draw : vouchedFor(scene).has(sent.id);
      expect(good).toBe(wanted);
      met[isNew ? "given" : good ? "kept" : "unchecked"] += 1;
      expect(decodeVisitor(encodeVisitor(sent))).toEqual(sent);
      // Nothing else of it changes, and without a key nothing at all.
      expect({ ...sent, check: "" }).toEqual({ ...decision.remember, check: "" });
      expect(remembered(decision, undefined)).toBe(decision.remember);
    }),
    { runs: RUNS },
  );
  // Of each kind there were some, or nothing was shown.
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(10);
});
