import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../support/decide.ts";
import { factsOfDescription } from "../../../src/decide/request-description.ts";
import { MAX_CHANGES, MAX_PREVIEW_PATHS, candidateOf, plan } from "../../../src/preview/plan.ts";
import { PREVIEW_VISITORS } from "../../../src/preview/preview-path.ts";
import { syntheticId } from "../../../src/preview/synthetic.ts";
import { compile } from "../../../src/policy/compile.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import type { Policy } from "../../../src/policy/schema.ts";
import { check } from "../../support/property.ts";
import { NOW, fixedCanary, weighted } from "../../support/policies.ts";

const at = { now: NOW };
const canary = (percent: number, more: object = {}): Policy => ({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent,
  ...more,
});

/** What the gateway would serve the n-th visitor who comes with their cookie. */
function replay(policy: CompiledPolicy, n: number): string {
  const facts = factsOfDescription(
    {
      url: "http://host.invalid/shop/",
      visitor: syntheticId(n),
      headers: { "x-user-id": `x-user-id-${syntheticId(n)}` },
    },
    {
      candidate: candidateOf("shop"),
      cookieNames: ["sy"],
      now: NOW,
      randomId: () => "",
      override: undefined,
    },
  );
  const variant = decide(policy, facts)?.variant;
  return `${variant?.name} ${variant?.origin.origin}`;
}

describe("a plan", { timeout: 60_000 }, () => {
  it("counts what a replay of the engine shows", () => {
    const same = fc.oneof(fc.tuple(fixedCanary, fixedCanary), fc.tuple(weighted, weighted));
    check(
      fc.property(same, ([before, after]) => {
        const [preview] = plan("shop", before, after, at).paths;
        const [old, next] = [compile(before, "shop"), compile(after, "shop")];
        let moved = 0;
        const shares = new Map<string, number>();
        for (let n = 0; n < PREVIEW_VISITORS; n += 1) {
          const to = replay(next, n);
          shares.set(to, (shares.get(to) ?? 0) + 1);
          if (replay(old, n) !== to) moved += 1;
        }
        expect(preview?.moved ?? 0).toBe(moved);
        fc.pre(preview !== undefined);
        const told = preview.after.map((one) => [
          `${one.at?.variant} ${one.at?.origin}`,
          one.visitors,
        ]);
        expect(new Map(told as [string, number][])).toEqual(shares);
        expect(preview.moves.reduce((sum, one) => sum + one.visitors, 0)).toBe(moved);
      }),
      { runs: 5 },
    );
  });

  it("moves only newcomers to a canary whose percent rises, and calls none of them reshuffled", () => {
    const { moved, reshuffled, paths } = plan("shop", canary(5), canary(10), at);
    expect(moved).toBeGreaterThan(0.04);
    expect(moved).toBeLessThan(0.06);
    expect(reshuffled).toBe(0);
    expect(paths[0]?.moves).toMatchObject([
      { from: { variant: "stable" }, to: { variant: "canary" } },
    ]);
  });

  it.each<[string, Policy, Policy]>([
    ["a new salt", canary(50), canary(50, { salt: "other" })],
    ["another source of identity", canary(50), canary(50, { sticky: { by: ["ip"] } })],
    ["the same variant under a new name", ab("control"), ab("renamed")],
  ])("tells a silent reshuffle by %s", (_, before, after) => {
    expect(plan("shop", before, after, at).reshuffled).toBeGreaterThan(0.1);
  });

  it.each<[string, Policy, Policy]>([
    ["a new epoch, which says what it does", canary(50), canary(50, { epoch: 1 })],
    [
      "a variant more",
      ab("control"),
      ab("control", { name: "third", origin: "https://c.example.com", weight: 50 }),
    ],
    ["a canary that begins", "https://a.example.com", canary(10)],
    ["coverage that grows", canary(50, { coverage: 10 }), canary(50, { coverage: 60 })],
  ])("calls no move by %s a reshuffle", (_, before, after) => {
    const { moved, reshuffled } = plan("shop", before, after, at);
    expect(moved).toBeGreaterThan(0.05);
    expect(reshuffled).toBe(0);
  });

  it("sends visitors to the branches that changed, ten at most, and tells how many are left out", () => {
    const map = (percent: number, count: number): Policy => ({
      strategy: "path-map",
      stripPrefix: true,
      paths: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `/p${index}`,
          { strategy: "path-map" as const, paths: { "/deep": canary(percent) } },
        ]),
      ),
      default: canary(1),
    });
    const { paths, pathsLeftOut } = plan(
      "shop",
      map(0, MAX_PREVIEW_PATHS + 2),
      map(100, MAX_PREVIEW_PATHS + 2),
      at,
    );
    expect(paths).toHaveLength(MAX_PREVIEW_PATHS);
    expect(pathsLeftOut).toBe(2);
    expect(paths[0]).toMatchObject({ path: "/p0/deep", moved: PREVIEW_VISITORS });
    expect(plan("shop", map(0, 2), map(0, 2), at).paths).toEqual([]);
  });

  it("lists so many changes, and tells how many more there are", () => {
    const map = (count: number, host: string): Policy => ({
      strategy: "path-map",
      paths: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`/p${index}`, `https://${host}.example.com`]),
      ),
    });
    const told = (count: number) => {
      const { changes, changesLeftOut } = plan("shop", map(count, "a"), map(count, "b"), at);
      return [changes.length, changesLeftOut];
    };
    expect(told(MAX_CHANGES)).toEqual([MAX_CHANGES, 0]);
    expect(told(MAX_CHANGES + 1)).toEqual([MAX_CHANGES, 1]);
  });

  it("follows a described request, and counts nobody where a route begins or ends", () => {
    const rule = (variant: string): Policy =>
      canary(0, { rules: [{ match: { header: { "x-beta": "1" } }, variant }] });
    const request = { url: "https://host.invalid/shop/", headers: { "X-Beta": "1" } };
    expect(plan("shop", rule("stable"), rule("canary"), at).moved).toBe(0);
    expect(plan("shop", rule("stable"), rule("canary"), { ...at, request }).moved).toBe(1);
    expect(plan("shop", undefined, canary(5), at)).toMatchObject({
      paths: [],
      moved: 0,
      changes: [{ path: "$" }],
    });
  });
});

function ab(name: string, ...more: { name: string; origin: string; weight: number }[]): Policy {
  return {
    strategy: "weighted",
    variants: [
      { name, origin: "https://a.example.com", weight: 50 },
      { name: "treatment", origin: "https://b.example.com", weight: 50 },
      ...more,
    ],
  };
}
