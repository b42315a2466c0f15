import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { EXCLUSIONS, exclusionOf } from "../../../src/decide/exclusion.ts";
import { exposureOf } from "../../../src/decide/exposure.ts";
import { pinOf, type Visitor } from "../../../src/decide/visitor.ts";
import { readKey } from "../../../src/lib/siphash.ts";
import { idCheck } from "../../../src/lib/visitor-digest.ts";
import {
  factsFrom,
  NOW,
  scenes,
  withCookie,
  type Scene,
} from "../../property/arbitraries/facts.ts";
import { policies } from "../../property/arbitraries/policies.ts";
import { ready } from "../../property/population.ts";
import { decide } from "../../support/decide.ts";
import { check } from "../../support/property.ts";
import { blueGreen, single, weighted } from "../policy/judge.ts";

const KEY = readKey("000102030405060708090a0b0c0d0e0f");
if (KEY === undefined) throw new Error("the key is none");
const ID = "BBBBBBBBBBBBBBBBBBBBBB";
const GOOD = idCheck(KEY, ID);

const known = (more: Partial<Visitor> = {}): Scene =>
  withCookie({ id: ID, check: GOOD, seenAt: NOW, sentAt: NOW, pins: [], ...more });
const opened = (destination: string): Scene => ({ headers: { "sec-fetch-dest": destination } });
const pinned = weighted({ sticky: { mode: "pin" }, salt: "s" });

function excluded(policy: unknown, scene: Scene, key = KEY) {
  const facts = factsFrom(scene);
  const decision = decide(ready(policy), facts);
  if (decision === undefined) throw new Error("nothing was decided");
  return exclusionOf(decision, facts, key);
}

describe("why a request is in no figure of visitors", () => {
  test.each<[string, unknown, Scene, string | undefined]>([
    ["known by a cookie with a good check", weighted(), known(), undefined],
    ["without a check", weighted(), known({ check: "" }), "unchecked"],
    ["with a bad one", weighted(), known({ check: "AAAAA" }), "unchecked"],
    ["with a good one, on a HEAD", weighted(), { ...known(), method: "HEAD" }, "head"],
    ["on an OPTIONS", weighted(), { ...known(), method: "OPTIONS" }, "head"],
    ["a crawler", weighted(), { ...known(), bot: true }, "crawler"],
    [
      "ahead of a visit",
      weighted(),
      { ...known(), headers: { "sec-purpose": "prefetch" } },
      "prefetch",
    ],
    ["who comes back to a POST without the cookie", weighted(), { method: "POST" }, "passing"],
    ["of one draw alone", weighted({ sticky: false }), known(), "passing"],
    ["new, on a page", weighted(), opened("document"), undefined],
    ["new, in a frame", weighted(), opened("iframe"), undefined],
    ["new, to a script", weighted(), opened("empty"), "new"],
    ["new, to a client that says nothing", weighted(), {}, "new"],
    [
      "by header",
      weighted({ sticky: { by: [{ header: "x-user-id" }] } }),
      { headers: { "x-user-id": "ada" } },
      undefined,
    ],
    ["by address", weighted({ sticky: { by: ["ip"] } }), { ip: "192.0.2.7" }, "address"],
    ["forced", weighted({ force: "control" }), known(), "not-drawn"],
    ["left out", weighted({ coverage: 0 }), known(), "not-drawn"],
    ["of a colour", blueGreen(), known(), "not-drawn"],
    ["of a single origin", single(), known(), "not-drawn"],
    ["pinned by a draw", pinned, known({ pins: [pinOf("s", "control")] }), undefined],
    [
      "pinned by a rule",
      pinned,
      known({ pins: [{ ...pinOf("s", "control"), byRule: true }] }),
      "rule-pin",
    ],
  ])("%s", (_, policy, scene, why) => {
    expect(excluded(policy, scene)).toBe(why);
  });

  test("is that there is no key, for whom a key would count", () => {
    const facts = factsFrom(known());
    const decision = decide(ready(weighted()), facts);
    expect(decision && exclusionOf(decision, facts, undefined)).toBe("no-key");
  });

  test("agrees with what counts, and with who is exposed, on any policy", () => {
    const uncounted: readonly unknown[] = EXCLUSIONS.slice(0, EXCLUSIONS.indexOf("passing") + 1);
    const met = new Set<unknown>();
    check(
      // To make policies is what takes long: each meets several requests.
      fc.property(policies(), fc.array(scenes, { minLength: 4, maxLength: 4 }), (policy, all) => {
        const compiled = ready(policy);
        for (const facts of all.map(factsFrom)) {
          const decision = decide(compiled, facts);
          if (decision === undefined) continue;
          const why = exclusionOf(decision, facts, KEY);
          met.add(why);
          expect(uncounted.includes(why)).toBe(!decision.counted);
          // Whoever is in no other way left out is exposed by a draw of theirs.
          const exposure = exposureOf(decision, facts.now);
          expect(why === undefined && (exposure ?? "rule") === "rule").toBe(false);
        }
      }),
      { runs: 250 },
    );
    expect(met.size).toBeGreaterThan(5);
  });
});
