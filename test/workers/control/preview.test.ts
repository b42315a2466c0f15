import { describe, expect, it } from "vitest";
import { A, B, api, canary, create, match } from "./api.ts";

describe("a preview", () => {
  it("tells what an edit would do, and the edit then does it", async () => {
    await create("seen", canary(5));
    const told = await api("POST", "/routes/seen/preview", { body: { patch: { percent: 25 } } });
    expect(told).toMatchObject({
      status: 200,
      body: {
        from: 1,
        etag: '"1"',
        same: false,
        drift: false,
        reshuffled: 0,
        changes: [{ path: "$.percent" }],
      },
    });
    const done = await api("PATCH", "/routes/seen", {
      headers: match(1),
      body: { policy: { percent: 25 } },
    });
    expect(told.body).toMatchObject(done.body["plan"] as object);
    expect((await api("GET", "/routes/seen/diff?from=1&to=2")).body).toMatchObject(
      done.body["plan"] as object,
    );
    const again = await api("POST", "/routes/seen/preview", { body: { patch: { percent: 25 } } });
    expect(again.body).toMatchObject({ from: 2, etag: '"2"', same: true });
    const fresh = await api("POST", "/routes/seen-never/preview", { body: { policy: A } });
    expect(fresh.body).toMatchObject({ from: 0, etag: null, same: false });
    expect(
      (await api("POST", "/routes/seen/preview", { body: { version: 1 } })).body["moved"],
    ).toBe(told.body["moved"]);
  });

  it("refuses a silent reshuffle unless it is asked for", async () => {
    await create("quiet", canary(50));
    const policy = canary(50, { salt: "new" });
    expect(await api("POST", "/routes/quiet/preview", { body: { policy } })).toMatchObject({
      status: 409,
      body: { code: "reshuffle" },
    });
    const told = await api("POST", "/routes/quiet/preview", {
      body: { policy, allowReshuffle: true },
    });
    expect(told.body["reshuffled"]).toBeGreaterThan(0.4);
    expect((await api("POST", "/routes/quiet/preview", { body: {} })).body["code"]).toBe(
      "body-invalid",
    );
    expect((await api("POST", "/routes/quiet/preview", { body: { policy: 5 } })).body["code"]).toBe(
      "policy-refused",
    );
  });
});

describe("a preview of an action", () => {
  const preview = async (key: string, body: object, token?: string) =>
    api("POST", `/routes/${key}/preview`, { body, ...(token === undefined ? {} : { token }) });

  it("tells what the action then does, to whoever may read", async () => {
    await create("acted-on", canary(5));
    const action = { name: "promote", to: 25 };
    const told = await preview("acted-on", { action }, "token-read");
    expect(told).toMatchObject({ status: 200, body: { from: 1, same: false } });
    expect(told.body).not.toHaveProperty("reason");
    const { to } = action;
    const done = await api("POST", "/routes/acted-on/actions/promote", {
      headers: match(1),
      body: { to },
    });
    expect(told.body).toMatchObject(done.body["plan"] as object);
    expect(await preview("acted-on", { action })).toMatchObject({
      status: 200,
      body: { from: 2, same: true, reason: "the canary has 25 % already" },
    });
  });

  it("knows what stood before, as the action does", async () => {
    const colours = { strategy: "blue-green", blue: A, green: B, active: "blue" };
    await create("coloured", colours);
    const action = { name: "switch-back" };
    expect(await preview("coloured", { action })).toMatchObject({
      status: 409,
      body: { code: "action-refused" },
    });
    await api("POST", "/routes/coloured/actions/switch", {
      headers: match(1),
      body: { at: "now" },
    });
    expect(await preview("coloured", { action })).toMatchObject({
      status: 200,
      body: { moved: 1, same: false },
    });
  });

  it.each([
    [{ name: "promte" }, "$.action.name"],
    [{ name: "promote", to: 250 }, "$.to"],
    [{ name: "abort", to: 5 }, "$.to"],
  ])("refuses %j as the action itself would", async (action, path) => {
    expect(await preview("wrongly-acted", { action })).toMatchObject({
      status: 400,
      body: { code: "body-invalid", issues: [{ path }] },
    });
    expect((await preview("wrongly-acted", { action, patch: {} })).status).toBe(400);
  });
});
