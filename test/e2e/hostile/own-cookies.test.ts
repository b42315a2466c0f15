import { afterAll, beforeAll, expect, test } from "vitest";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("o", (request, response, next) => {
    const cookies = request.headersDistinct["x-set"];
    if (cookies !== undefined) response.setHeader("set-cookie", cookies);
    next();
  });
  const split = {
    strategy: "weighted",
    variants: [
      { name: "a", origin: origin.url, weight: 1 },
      { name: "b", origin: origin.url, weight: 1 },
    ],
  };
  gateway = await startBare({
    policies: {
      "shop.example.com": split,
      wide: { ...split, sticky: { cookie: { domain: "example.com" } } },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

test("an origin takes nobody's id away, be it a gateway like this one", async () => {
  const jar = openJar();
  const seen = new Set<unknown>();
  for (const letter of "ABCDEFGH") {
    const set = `sy=1.${letter.repeat(22)}.${Date.now().toString(36)}.0; Path=/`;
    const headers = { "x-set": set };
    const answer = await visit(gateway.url, { host: "shop.example.com", path: "/", jar, headers });
    seen.add(answer.header("x-variant"));
    expect(answer.headers["set-cookie"] ?? []).toHaveLength(letter === "A" ? 1 : 0);
  }
  expect(seen.size).toBe(1);
});

test.each([
  ["a.example.com", "; Domain=example.com;"],
  ["EXAMPLE.com", "; Domain=example.com;"],
  // Browsers would refuse it, and every visit there would be a newcomer's.
  ["notexample.com", undefined],
  ["other.example", undefined],
])("the id's domain is told where it is one of the host %s: %s", async (host, domain) => {
  const answer = await visit(gateway.url, { host, path: "/wide/" });
  const [cookie = ""] = answer.headers["set-cookie"] ?? [];
  expect(cookie).toMatch(/^sy=1\..*; Path=\/wide;/);
  expect(/; Domain=[^;]*;/.exec(cookie)?.[0]).toBe(domain);
});
