import { describe, expect, test } from "vitest";

import { gatewayWith, type Answer } from "../../import/asked.ts";

const ONE = "https://one.example.com";
const TWO = "https://two.example.com";
const THREE = "https://three.example.com";

const OFF = { cacheTtlByStatus: { "100-599": -1 } };

/** Where a request of a shop went, and what `fetch` was told in `cf`; "no cf" where it is not there at all. */
async function ask(policy: unknown, { path = "/x", key = "shop.example.com" } = {}) {
  const failing = (origin: string) => new Response(null, { status: origin === THREE ? 503 : 200 });
  const gateway = gatewayWith({ [key]: policy }, failing, { ORIGIN_BINDINGS: "API" });
  const { tries, copies } = await gateway({ host: "shop.example.com", path });
  const told = (sent: Answer["tries"]) =>
    sent.map(({ origin, init }) => [origin, "cf" in init ? init.cf : "no cf"]);
  return { tries: told(tries), copies: told(copies) };
}

const weighted = (...origins: readonly unknown[]) => ({
  strategy: "weighted",
  variants: origins.map((origin, n) => ({ name: `v${n}`, origin, weight: n === 0 ? 1 : 0 })),
});
const canary = (stable: unknown, other: unknown, more: object = {}) => ({
  strategy: "canary",
  stable,
  canary: other,
  percent: 0,
  ...more,
});
const to = (origin: unknown, more: object = {}) => ({ origin, ...more });
const map = (paths: object, more: object = {}) => ({ strategy: "path-map", paths, ...more });
const sets = (value: string) => ({ headers: { request: { set: { "x-tenant": value } } } });

describe("Cloudflare's cache keeps nothing of an origin that serves", () => {
  test.each<[string, unknown]>([
    ["several variants", weighted(ONE, TWO, ONE)],
    ["several variants below several bases", weighted(`${ONE}/v1`, `${ONE}/v2`)],
    ["both of a canary", canary(ONE, ONE)],
    ["both colours", { strategy: "blue-green", blue: ONE, green: ONE, active: "blue" }],
    [
      "several hosts behind one URL",
      canary({ url: ONE, resolve: "a.example.com" }, { url: ONE, resolve: "b.example.com" }),
    ],
    ["a variant, and what stands in for it", canary(ONE, TWO, { fallback: `${ONE}/static` })],
    ["a variant, and copies", to(ONE, { mirror: { origin: `${ONE}/shadow`, percent: 1 } })],
    [
      "what a rule leads to, and the others",
      to(ONE, { rules: [{ match: { header: { "x-staff": true } }, policy: ONE }] }),
    ],
    [
      "what the rule of a map leads to, and a prefix",
      map({ "/x": ONE }, { rules: [{ match: { country: "AT" }, policy: ONE }] }),
    ],
    ["several paths with fields of their own", map({ "/x": to(ONE, sets("a")), "/b": ONE })],
    ["one path as another", map({ "/x": to(ONE, { stripPrefix: true }), "/b": ONE })],
  ])("%s", async (_, policy) => {
    const { tries } = await ask(policy);
    expect(tries).toMatchObject([[ONE, OFF]]);
  });

  test("a variant of a policy further in, while others keep", async () => {
    const policy = map({ "/x": canary(ONE, ONE), "/y": TWO });
    expect((await ask(policy)).tries).toEqual([[ONE, OFF]]);
    expect((await ask(policy, { path: "/y" })).tries).toEqual([[TWO, "no cf"]]);
  });

  test("several variants on another port", async () => {
    const port = `${ONE}:8443`;
    expect((await ask(canary(port, port))).tries).toEqual([[port, OFF]]);
    expect((await ask(canary(ONE, port))).tries).toEqual([[ONE, "no cf"]]);
  });

  test("a tenant by path, for its segment is in no URL there", async () => {
    const tenant = { key: "shop", path: "/shop/x" };
    expect((await ask(ONE, tenant)).tries).toEqual([[ONE, OFF]]);
    const { tries, copies } = await ask(
      canary(THREE, TWO, { percent: 0, fallback: ONE, mirror: { origin: TWO, percent: 100 } }),
      tenant,
    );
    expect(tries).toEqual([
      [THREE, OFF],
      [ONE, OFF],
    ]);
    expect(copies).toEqual([[TWO, OFF]]);
  });

  test("a copy as well as what it is a copy of", async () => {
    const { tries, copies } = await ask(to(ONE, { mirror: { origin: ONE, percent: 100 } }));
    expect([tries, copies]).toEqual([[[ONE, OFF]], [[ONE, OFF]]]);
  });
});

test("beside that, the host to connect to is told as ever", async () => {
  const resolve = "a.example.com";
  const { tries } = await ask(canary({ url: ONE, resolve }, ONE));
  expect(tries).toEqual([[ONE, { ...OFF, resolveOverride: resolve }]]);
});

describe("it keeps what it always did of an origin that serves", () => {
  test.each<[string, unknown, { key?: string }?]>([
    ["everybody", ONE],
    ["everybody, under any host", ONE, { key: "*" }],
    ["everybody, under many hosts", ONE, { key: "*.example.com" }],
    ["one variant of several", weighted(ONE, TWO, THREE)],
    ["one of a canary", canary(ONE, TWO, { fallback: THREE, mirror: { origin: TWO, percent: 1 } })],
    ["several paths, each as it came", map({ "/x": ONE, "/b": to(ONE, { timeoutMs: 5 }) })],
    [
      "several paths with the same fields",
      map({ "/x": ONE, "/b": ONE, "=/c": ONE }, { default: ONE, fallback: TWO, ...sets("a") }),
    ],
  ])("%s", async (_, policy, where) => {
    const { tries } = await ask(policy, where);
    expect(tries).toEqual([[ONE, "no cf"]]);
  });
});
