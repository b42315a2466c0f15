import { describe, expect, it } from "vitest";
import { NOW } from "../../support/policies.ts";
import { A, B, api, canary, create, match } from "./api.ts";

const weighted = {
  strategy: "weighted",
  variants: [
    { name: "control", origin: A, weight: 90 },
    { name: "bold", origin: B, weight: 10 },
  ],
};

const act = (key: string, action: string, body: string) =>
  api("POST", `/routes/${key}/actions/${action}`, {
    headers: { ...match("*"), "content-type": "application/json" },
    body,
    now: NOW,
  });

describe("weights", () => {
  it.each(["__proto__", "constructor", "prototype"])(
    "refuses %s by its name, with what to do, and changes nothing",
    async (name) => {
      const key = `weights-${crypto.randomUUID()}`;
      await create(key, weighted);
      const { status, body } = await act(
        key,
        "weights",
        `{"weights": {"control": 1, "${name}": 5}}`,
      );
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: "body-invalid",
        issues: [
          {
            path: `$.weights.${name}`,
            message: expect.stringContaining(`"${name}" is a reserved name`) as string,
            fix: expect.stringContaining("remove it") as string,
          },
        ],
      });
      expect((await api("GET", `/routes/${key}`)).body["policy"]).toEqual(weighted);
    },
  );

  it.each(["toString", "hasOwnProperty", "valueOf", "__defineGetter__", "nobody"])(
    "refuses %s, which is not a variant, and names those there are",
    async (name) => {
      const key = `weights-${crypto.randomUUID()}`;
      await create(key, weighted);
      const { status, body } = await act(key, "weights", `{"weights": {"${name}": 5}}`);
      expect(status).toBe(409);
      expect(body["code"]).toBe("action-refused");
      expect(body["detail"]).toContain(`"${name}" is not a variant of this policy`);
      expect(body["detail"]).toContain("control, bold");
    },
  );
});

it("a description refuses header names that every object has, in place of passing them over", async () => {
  await create("reserved", canary(5));
  const { status, body } = await api("POST", "/routes/reserved/explain", {
    headers: { "content-type": "application/json" },
    body: `{"request": {"url": "https://shop.example.com/", "headers": {"__proto__": "x", "constructor": "y"}}}`,
  });
  expect(status).toBe(400);
  expect(JSON.stringify(body["issues"])).toContain("is a reserved name");
  expect(body["issues"]).toHaveLength(2);
});

it("renew refuses what would end the lease earlier, unless the body says to shorten it", async () => {
  const until = new Date(NOW + 3_600_000).toISOString();
  await create("lease", { ...canary(5), lease: { until } });
  const refused = await act("lease", "renew", '{"seconds": 60}');
  expect(refused).toMatchObject({ status: 409, body: { code: "action-refused" } });
  expect(refused.body["detail"]).toContain('"shorten": true');
  expect(await act("lease", "renew", '{"seconds": 60, "shorten": "yes"}')).toMatchObject({
    status: 400,
    body: { code: "body-invalid" },
  });
  expect((await act("lease", "renew", '{"seconds": 3600}')).status).toBe(200);
  expect((await act("lease", "renew", '{"seconds": 60, "shorten": true}')).status).toBe(200);
});
