import { describe, expect, it } from "vitest";
import { A, B, api, canary, create, match } from "./api.ts";

describe("two at once", () => {
  it("with one idempotency key are one edit, and both are told of it", async () => {
    const headers = { "if-none-match": "*", "idempotency-key": "twins" };
    const both = await Promise.all(
      [1, 2, 3].map(() => api("PUT", "/routes/twins", { headers, body: { policy: A } })),
    );
    expect(both.map(({ body }) => body["version"])).toEqual([1, 1, 1]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201]);
    expect(both.filter((one) => one.headers.get("idempotency-replayed") === "true")).toHaveLength(
      2,
    );
  });

  it("with different edits: the loser is told who won, when and how", async () => {
    await create("lost", canary(5));
    await api("PATCH", "/routes/lost", { headers: match(1), body: { policy: { percent: 7 } } });
    const late = await api("PUT", "/routes/lost", { headers: match(1), body: { policy: A } });
    expect(late).toMatchObject({
      status: 412,
      body: {
        current: 2,
        author: "the-writeer",
        action: "patch",
        at: expect.stringMatching(/^\d{4}-/) as string,
        detail: expect.stringContaining("the-writeer was quicker") as string,
      },
    });
  });
});

describe("what somebody took back", () => {
  const apply = (key: string, policy: unknown, version: number, more: object = {}) =>
    api("PUT", `/routes/${key}`, {
      headers: match(version),
      body: { policy, apply: true, ...more },
    });

  it.each<[string, object, object]>([
    ["abort", {}, canary(0)],
    ["force", { variant: "stable" }, canary(5, { force: "stable" })],
  ])("by %s is brought again by no file, unless that is asked for", async (action, body, after) => {
    const key = `taken-${action}`;
    await create(key, A);
    expect((await apply(key, canary(5), 1)).body).toMatchObject({ action: "apply", version: 2 });
    const path = `/routes/${key}/actions/${action}`;
    await api("POST", path, { headers: match(2), body, token: "token-operate" });
    const refused = {
      status: 409,
      body: {
        code: "taken-back",
        current: 3,
        action,
        author: "the-operateer",
        at: expect.any(String) as string,
      },
    };
    const preview = (policy: unknown, more: object = {}) =>
      api("POST", `/routes/${key}/preview`, { body: { policy, apply: true, ...more } });
    expect(await preview(canary(5))).toMatchObject(refused);
    expect(await apply(key, canary(5), 3)).toMatchObject(refused);
    expect((await preview(after)).body).toMatchObject({
      same: true,
      takenBack: { version: 3, action },
    });
    expect((await preview(canary(5), { override: true })).status).toBe(200);
    // A file that says the same makes it its own word; from then on it may go on.
    expect((await apply(key, after, 3)).body).toMatchObject({ unchanged: true, version: 3 });
    expect((await preview(after)).body).toMatchObject({ takenBack: null });
    expect((await apply(key, canary(8), 3)).body).toMatchObject({ version: 4 });
  });

  it("is brought again where that is asked for, and by whoever does not apply a file", async () => {
    await create("over", canary(5));
    await apply("over", canary(6), 1);
    await api("POST", "/routes/over/actions/abort", { headers: match(2) });
    const over = await apply("over", canary(7), 3, { override: true });
    expect(over).toMatchObject({ status: 200, body: { version: 4, action: "apply" } });
    await api("POST", "/routes/over/actions/abort", { headers: match(4) });
    const put = { headers: match(5), body: { policy: B } };
    expect((await api("PUT", "/routes/over", put)).status).toBe(200);
  });
});
