import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { NOW } from "../../support/policies.ts";
import { A, B, PROPAGATION_MS, SECRET, api, canary, create, match, testEnv } from "./api.ts";

const kv = env.ROUTING_CONFIG;

describe("validate", () => {
  it("tells whether a policy is one, and all that is wrong with it", async () => {
    expect((await api("POST", "/validate", { body: { policy: A } })).body).toEqual({
      valid: true,
      issues: [],
      warnings: [],
    });
    const wrong = await api("POST", "/validate", { body: { policy: { strategy: "canry" } } });
    expect(wrong).toMatchObject({
      status: 200,
      body: { valid: false, issues: [{ path: "$.strategy" }] },
    });
  });
});

describe("a warning", () => {
  it("tells of a field that does nothing where it stands, in all three answers", async () => {
    const idle = { origin: A, stripPrefix: true };
    const expected = [
      {
        path: "$.stripPrefix",
        message: expect.stringContaining("does nothing here") as string,
        fix: 'take "stripPrefix" away',
      },
    ];
    const validated = await api("POST", "/validate", { body: { policy: idle } });
    const previewed = await api("POST", "/routes/idle.example.com/preview", {
      body: { policy: idle },
    });
    const put = await api("PUT", "/routes/idle.example.com", {
      headers: { "if-none-match": "*" },
      body: { policy: idle },
    });
    for (const { body } of [validated, previewed, put]) expect(body["warnings"]).toEqual(expected);
  });

  const odd = {
    strategy: "weighted",
    variants: [{ name: "a", origin: A, weight: 1 }],
    sticky: { by: ["cookie", "ip"], cookie: { domain: "example.org" } },
  };
  const paths = (answer: { readonly body: Record<string, unknown> }) =>
    (answer.body["warnings"] as { readonly path: string }[]).map(({ path }) => path);

  it("stands in what validate, preview and put answer, and holds nothing up", async () => {
    const validated = await api("POST", "/validate", { body: { policy: odd } });
    expect(validated.body["valid"]).toBe(true);
    expect(paths(validated)).toEqual(["$.sticky.by"]);
    const put = await api("PUT", "/routes/warned.example.com", {
      headers: { "if-none-match": "*" },
      body: { policy: odd },
    });
    expect(put.status).toBe(201);
    expect(paths(put)).toEqual(["$.sticky.by", "$.sticky.cookie.domain"]);
    const previewed = await api("POST", "/routes/warned.example.com/preview", {
      body: { policy: odd },
    });
    expect(paths(previewed)).toEqual(["$.sticky.by", "$.sticky.cookie.domain"]);
  });

  it("of receivers of whom the secret knows nothing is in validate as in an edit", async () => {
    const guard = { checks: [{ metric: "failures", max: 2 }], notify: ["ops", "night"] };
    const policy = canary(5, { guard });
    const validated = await api("POST", "/validate", { body: { policy } });
    const put = await api("PUT", "/routes/unheard", {
      headers: { "if-none-match": "*" },
      body: { policy },
    });
    expect(paths(validated)).toEqual(["$.guard.notify[0]", "$.guard.notify[1]"]);
    expect(validated.body["warnings"]).toEqual(put.body["warnings"]);
    const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
    const WEBHOOKS = JSON.stringify({ ops: { url: "https://hooks.example.com", secret } });
    const known = { ...testEnv, WEBHOOKS };
    expect(paths(await api("POST", "/validate", { body: { policy }, env: known }))).toEqual([
      "$.guard.notify[1]",
    ]);
  });
});

describe("an action", () => {
  it("changes the policy and writes down what was asked", async () => {
    await create("acted", canary(5));
    const act = (name: string, version: number, body: object) =>
      api("POST", `/routes/acted/actions/${name}`, {
        headers: match(version),
        body,
        token: "token-operate",
      });
    expect(await act("promote", 1, { to: 50, note: "looks well" })).toMatchObject({
      status: 200,
      body: { version: 2, action: "promote", author: "the-operateer" },
    });
    expect(await act("promote", 2, { to: 50 })).toMatchObject({
      status: 200,
      body: { version: 2, unchanged: true, reason: "the canary has 50 % already" },
    });
    expect(await act("promote", 2, { to: 49 })).toMatchObject({
      status: 409,
      body: { code: "action-refused" },
    });
    expect(await act("promote", 2, { too: 50 })).toMatchObject({
      status: 400,
      body: { code: "body-invalid" },
    });
    expect(await act("promoted", 2, {})).toMatchObject({
      status: 404,
      body: { code: "not-found" },
    });
    expect(await act("abort", 1, {})).toMatchObject({ status: 412 });
    expect(await api("POST", "/routes/acted/actions/abort", { headers: match(2) })).toMatchObject({
      body: { version: 3 },
    });
    expect((await api("GET", "/routes/acted")).body["policy"]).toEqual(canary(0));
    expect((await api("GET", "/routes/acted/audit?limit=2")).body).toMatchObject({
      entries: [
        { action: "abort", version: 3 },
        { action: "promote", note: "looks well", detail: '{"to":50}', actor: "the-operateer" },
      ],
      cursor: expect.any(String) as string,
    });
  });

  it("switches colours no sooner than every machine can know", async () => {
    await create("colours", { strategy: "blue-green", blue: A, green: B, active: "blue" });
    const switched = await api("POST", "/routes/colours/actions/switch", {
      headers: match(1),
      body: {},
      now: NOW,
    });
    expect(switched.status).toBe(200);
    const at = new Date(NOW + PROPAGATION_MS).toISOString();
    expect((await api("GET", "/routes/colours")).body["policy"]).toMatchObject({
      next: { active: "green", at },
    });
    await api("POST", "/routes/colours/actions/switch-back", { headers: match(2), now: NOW });
    expect((await api("GET", "/routes/colours")).body["policy"]).not.toHaveProperty("next");
  });
});

describe("a QA link", () => {
  it("is signed, leads to its route, and is written down", async () => {
    await create("linked", canary(0));
    const link = (body: object, environment?: object) =>
      api("POST", "/routes/linked/links", { body, ...environment });
    const made = await link({
      variant: "canary",
      ttlSeconds: 60,
      url: "https://x.example.com/linked/?q=1",
    });
    expect(made.status).toBe(201);
    expect(String(made.body["url"])).toBe(
      `https://x.example.com/linked/?q=1&sy=${String(made.body["token"])}`,
    );
    expect(JSON.stringify(made.body)).not.toContain(SECRET);
    expect((await link({ variant: "nobody" })).body["code"]).toBe("unknown-variant");
    expect(
      (await link({ variant: "canary", url: "https://x.example.com/other/" })).body["code"],
    ).toBe("request-elsewhere");
    expect((await link({ variant: "canary", url: "mailto:x" })).body["code"]).toBe("body-invalid");
    const { entries } = (await api("GET", "/routes/linked/audit")).body as {
      entries: { action: string; detail: string }[];
    };
    expect(entries[0]).toMatchObject({
      action: "link",
      detail: expect.stringContaining('"canary" until') as string,
    });
  });
});

describe("history", () => {
  it("is listed by pages, read, compared and brought back", async () => {
    await create("past", canary(1));
    for (let version = 1; version < 5; version += 1)
      await api("PUT", "/routes/past", {
        headers: match(version),
        body: { policy: canary(version + 1) },
      });
    const first = await api("GET", "/routes/past/versions?limit=3");
    expect((first.body["versions"] as { version: number }[]).map(({ version }) => version)).toEqual(
      [5, 4, 3],
    );
    const rest = await api(
      "GET",
      `/routes/past/versions?limit=3&cursor=${String(first.body["cursor"])}`,
    );
    expect(rest.body).toMatchObject({
      versions: [{ version: 2 }, { version: 1, deleted: false }],
      cursor: null,
    });
    expect((await api("GET", "/routes/past/versions/2")).body).toMatchObject({
      version: 2,
      policy: canary(2),
    });
    expect((await api("GET", "/routes/past/versions/9")).status).toBe(404);
    expect((await api("GET", "/routes/past/diff")).body).toMatchObject({
      from: 4,
      to: 5,
      changes: [{ from: 4, to: 5 }],
    });
    const back = await api("POST", "/routes/past/rollback", {
      headers: match(5),
      body: { version: 1 },
    });
    expect(back.body).toMatchObject({ version: 6, action: "rollback" });
    expect((await api("GET", "/routes/past")).body["policy"]).toEqual(canary(1));
    expect((await api("GET", "/routes/nowhere/versions")).status).toBe(404);
  });
});

describe("the list of routes", () => {
  it("shows what KV has, by prefix, by search and by pages, hand-written routes included", async () => {
    await create("list-a", A);
    await kv.put("list-hand", `"${A}"`);
    await kv.put("list not a key", "x");
    for (let n = 0; n < 5; n += 1) await kv.put(`list-n${n}`, `"${A}"`);
    const list = async (query: string) =>
      (await api("GET", `/routes?${query}`)).body as {
        routes: { key: string; version: number | null }[];
        cursor: string | null;
      };
    const all = await list("prefix=list");
    expect(all.routes.slice(0, 2)).toEqual([
      { key: "list-a", version: 1 },
      { key: "list-hand", version: null },
    ]);
    expect(all.routes).toHaveLength(7);
    expect((await list("q=LIST-N3")).routes.map(({ key }) => key)).toEqual(["list-n3"]);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `prefix=list&limit=2${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page.routes.length).toBeLessThanOrEqual(2);
      seen.push(...page.routes.map(({ key }) => key));
      cursor = page.cursor;
    }
    expect(seen).toEqual(all.routes.map(({ key }) => key));
  });
});
