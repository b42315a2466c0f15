import { describe, expect, test } from "vitest";

import { knownVisitor } from "../../../src/decide/known-visitor.ts";
import { decide } from "../../support/decide.ts";
import {
  factsFrom,
  FRESH_ID,
  NOW,
  withCookie,
  type Scene,
} from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { blueGreen, canary, pathMap, single, weighted } from "../policy/judge.ts";

const ID = "BBBBBBBBBBBBBBBBBBBBBB";
const cookie = withCookie({ id: ID, seenAt: NOW, sentAt: NOW, pins: [] });
const rules = [{ match: { method: "GET" }, variant: "treatment" }];
const asked = { headers: { "x-user-id": "ada" } };
const byHeader = { sticky: { by: [{ header: "x-user-id" }, "cookie"] } };

describe("the visitor whom a decision was made for", () => {
  test.each<[string, unknown, Scene, string | undefined]>([
    ["by a cookie that came", weighted(), cookie, ID],
    ["by one that is being set", weighted(), {}, FRESH_ID],
    ["not where none can be set", weighted(), { method: "POST" }, undefined],
    ["by a header", weighted(byHeader), { ...cookie, ...asked }, "ada"],
    ["by a cookie behind a header that is not there", weighted(byHeader), cookie, ID],
    [
      "by the query",
      weighted({ sticky: { by: [{ query: "uid" }] } }),
      { queries: { uid: ["eve"] } },
      "eve",
    ],
    ["never by the address", weighted({ sticky: { by: ["ip"] } }), { ip: "192.0.2.7" }, undefined],
    ["never of one draw alone", weighted({ sticky: false }), { ...cookie, ...asked }, undefined],
    ["of a rule's variant, which asks nobody", weighted({ rules }), cookie, ID],
    ["not a new one there, whom no cookie is set for", weighted({ rules }), {}, undefined],
    ["of a kill switch's", weighted({ force: "control" }), cookie, ID],
    ["of a colour's", blueGreen(), cookie, ID],
    ["of a single origin's", single(), cookie, ID],
    ["not a new one of a single origin's", single(), {}, undefined],
    [
      "by what a path-map hands down",
      pathMap({ ...byHeader, paths: {}, default: canary() }),
      asked,
      "ada",
    ],
    ["not before consent", weighted({ consent: { cookie: "ok" } }), cookie, undefined],
    [
      "not before consent, forced or not",
      weighted({ consent: { cookie: "ok" }, force: "control" }),
      { ...cookie, ...asked },
      undefined,
    ],
    [
      "with consent",
      weighted({ consent: { cookie: "ok" } }),
      { cookies: { ...cookie.cookies, ok: ["1"] } },
      ID,
    ],
  ])("%s", (_, policy, scene, visitor) => {
    const facts = factsFrom(scene);
    const decision = decide(ready(policy), facts);
    if (decision === undefined) throw new Error("nothing was decided");
    expect(knownVisitor(decision, facts)).toBe(visitor);
  });
});
