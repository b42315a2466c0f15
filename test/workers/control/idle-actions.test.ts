import { describe, expect, it } from "vitest";
import { MAX_PAST_VERSIONS } from "../../../src/ledger/core.ts";
import { NOW } from "../../support/policies.ts";
import { A, B, PROPAGATION_MS, api, canary, create, match } from "./api.ts";

const colours = { strategy: "blue-green", blue: A, green: B, active: "blue" } as const;
const ramp = {
  startAt: "2026-12-01T09:00:00Z",
  steps: [{ percent: 5, holdSeconds: 60 }, { percent: 100 }],
};
const ramped = { strategy: "canary", stable: A, canary: B, ramp } as const;

const act = (key: string, action: string, body: object = {}, now: number = NOW) =>
  api("POST", `/routes/${key}/actions/${action}`, { headers: match("*"), body, now });

describe("an action that was done already", () => {
  it.each<[string, object, object, boolean]>([
    ["abort", canary(5), {}, false],
    ["abort", canary(0), {}, true],
    ["unforce", canary(5), {}, true],
    ["force", canary(5), { variant: "stable" }, false],
    ["resume", ramped, {}, true],
    ["resume", canary(5), {}, true],
    ["pause", ramped, {}, false],
    ["promote", canary(100), {}, true],
    ["promote", canary(5), { to: 100 }, false],
    ["switch", colours, { to: "blue" }, true],
    ["switch", colours, {}, false],
    ["switch", colours, { to: "green", at: "now" }, false],
    [
      "weights",
      {
        strategy: "weighted",
        variants: [
          { name: "a", origin: A, weight: 1 },
          { name: "b", origin: B, weight: 2 },
        ],
      },
      { weights: { a: 3 } },
      false,
    ],
  ])("%s of %j with %j makes no version, and says so", async (action, policy, body, isIdle) => {
    const key = `idle-${crypto.randomUUID()}`;
    await create(key, policy);
    const first = await act(key, action, body);
    expect(first).toMatchObject({ status: 200, body: { unchanged: isIdle } });
    const again = await act(key, action, body);
    expect(again).toMatchObject({
      status: 200,
      body: {
        unchanged: true,
        version: first.body["version"],
        reason: expect.any(String) as string,
      },
    });
  });
});

describe("switch-back", () => {
  const active = async (key: string) => {
    const { policy } = (await api("GET", `/routes/${key}`)).body as { policy: { active: string } };
    return policy.active;
  };

  it("is refused where there never was a switch", async () => {
    await create("never-switched", colours);
    await api("PATCH", "/routes/never-switched", {
      headers: match(1),
      body: { policy: { coverage: 50 } },
    });
    expect(await act("never-switched", "switch-back")).toMatchObject({
      status: 409,
      body: { code: "action-refused", detail: expect.stringContaining("no switch") as string },
    });
  });

  it("looks back through so many versions, and no further", async () => {
    const between = async (edits: number) => {
      const key = `long-${edits}`;
      await create(key, colours);
      await act(key, "switch", { at: "now" });
      for (let n = 0; n < edits; n += 1)
        await api("PATCH", `/routes/${key}`, {
          headers: match("*"),
          body: { policy: { coverage: n } },
        });
      return (await act(key, "switch-back")).status;
    };
    // The switch and the form before it must both be among them.
    expect(await between(MAX_PAST_VERSIONS - 2)).toBe(200);
    expect(await between(MAX_PAST_VERSIONS - 1)).toBe(409);
  });

  it.each<[string, object, number]>([
    ["a switch at once", { at: "now" }, 1000],
    ["a switch with a drain", { at: "now", drainSeconds: 600 }, 1000],
    ["a switch that has come", {}, PROPAGATION_MS],
    ["a switch that is to come", {}, 1000],
  ])(
    "after %s leads to the colour before it, once however often it is run",
    async (_, body, later) => {
      const key = `back-${crypto.randomUUID()}`;
      await create(key, colours);
      await act(key, "switch", body);
      expect((await act(key, "switch-back", {}, NOW + later)).body).toMatchObject({
        unchanged: false,
        version: 3,
      });
      expect(await active(key)).toBe("blue");
      for (const wait of [later, later + 86_400_000])
        expect(await act(key, "switch-back", {}, NOW + wait)).toMatchObject({
          status: 200,
          body: { unchanged: true, version: 3 },
        });
      expect(await active(key)).toBe("blue");
      // Another switch can be gone back from again, with other edits between.
      await act(key, "switch", { to: "green", at: "now" }, NOW + later);
      await api("PATCH", `/routes/${key}`, {
        headers: match("*"),
        body: { policy: { coverage: 50 } },
      });
      expect((await act(key, "switch-back", {}, NOW + later)).body).toMatchObject({ version: 6 });
      expect(await active(key)).toBe("blue");
    },
  );
});
