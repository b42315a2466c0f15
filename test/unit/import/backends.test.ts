import { describe, expect, test } from "vitest";

import { importManifests } from "../../../src/import/manifests.ts";
import { httpRoute, ingress, originOf, to } from "./made.ts";

const BACKENDS: ReadonlyMap<string, string | null> = new Map([
  ["default/a:80", originOf("a")],
  ["default/b:80", null],
  ["default/Bucket/c:80", originOf("c")],
  ["default/Bucket/d", null],
]);

const bucket = { group: "x.example", kind: "Bucket" };

/** What a rule with these backends comes to. */
function led(backendRefs: readonly object[], more: object = {}) {
  const route = httpRoute({ rules: [{ backendRefs, ...more }] });
  const { policies, reports } = importManifests([route], BACKENDS);
  const told = reports.map(({ level, field }) => `${level} ${field}`);
  return { policy: policies["shop.example.com"], told };
}

describe("a backend that is known not to exist", () => {
  const nowhere = { strategy: "respond", status: 500 };

  test.each([
    [[to("b")]],
    [[to("b", { weight: 0 })]],
    [[to("b"), to("a", { weight: 0 })]],
    [[{ ...bucket, name: "d" }]],
    [[to("b"), { ...bucket, name: "d" }]],
  ])("is a 500 where no other takes anything: %j", (refs) => {
    expect(led(refs)).toEqual({ policy: nowhere, told: [] });
  });

  test("takes nothing with a weight of 0", () => {
    expect(led([to("a"), to("b", { weight: 0 })])).toEqual({ policy: originOf("a"), told: [] });
  });

  test("beside another takes a share that cannot be said", () => {
    expect(led([to("a"), to("b")])).toEqual({
      policy: undefined,
      told: ["error spec.rules[0].backendRefs[1]"],
    });
  });

  test("gets no copies", () => {
    const mirror = { type: "RequestMirror", requestMirror: { backendRef: to("b") } };
    expect(led([to("a")], { filters: [mirror] })).toEqual({
      policy: originOf("a"),
      told: ["warning spec.rules[0].filters[0].requestMirror.backendRef"],
    });
  });

  test("cannot stand in an Ingress, whose controllers answer otherwise", () => {
    const { policies, reports } = importManifests([ingress({}, { service: "b" })], BACKENDS);
    expect({ policies, fields: reports.map(({ field }) => field) }).toEqual({
      policies: {},
      fields: ["spec.rules[0].http.paths[0].backend"],
    });
  });
});

describe("a backend of another kind than Service", () => {
  test("has its kind in its name", () => {
    expect(led([{ ...bucket, name: "c", port: 80 }])).toEqual({ policy: originOf("c"), told: [] });
  });

  test("is missed by that name", () => {
    const route = httpRoute({ rules: [{ backendRefs: [{ ...bucket, name: "a", port: 80 }] }] });
    const { missing, reports } = importManifests([route], BACKENDS);
    expect(missing).toEqual(["default/Bucket/a:80"]);
    expect(reports.map(({ field }) => field)).toEqual(["spec.rules[0].backendRefs[0].kind"]);
  });
});
