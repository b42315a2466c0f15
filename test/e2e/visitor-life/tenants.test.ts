import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeVisitor } from "../../../src/decide/visitor.ts";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

/** Of so many visitors, two independent even draws agree on all once in a billion runs. */
const VISITORS = 30;

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("shop");
  const halves = (fields: object) => ({
    strategy: "weighted",
    variants: ["a", "b"].map((name) => ({ name, origin: origin.url, weight: 1 })),
    salt: "one for all",
    ...fields,
  });
  const sticky = { by: [{ header: "x-user-id" }, "cookie"] };
  const wide = { cookie: { domain: "example.com" } };
  gateway = await startBare({
    policies: {
      storefrontA: halves({ sticky }),
      storefrontB: halves({ sticky }),
      "a.example.com": halves({ sticky: wide }),
      "b.example.com": halves({ sticky: wide }),
      "mall.example.org": {
        strategy: "path-map",
        paths: { "/storefrontA": halves({}), "/storefrontB": halves({}) },
      },
    },
  });
});
afterAll(() => Promise.all([gateway?.close(), origin?.close()]));

/** Which variants the visitors get at two places, each with one browser for both, and whether it kept one id. */
async function seen(
  [one, other]: readonly [string, string],
  named: (visitor: number) => Record<string, string> = () => ({}),
) {
  const pairs: string[] = [];
  let isOneId = true;
  for (let visitor = 0; visitor < VISITORS; visitor += 1) {
    const jar = openJar();
    const ids = new Set<string | undefined>();
    const variants: (string | undefined)[] = [];
    for (const place of [one, other]) {
      const { host, pathname } = new URL(`https://${place}`);
      const headers = named(visitor);
      const answer = await visit(gateway.url, { host, path: pathname, jar, headers });
      variants.push(answer.header("x-variant"));
      const cookies = await jar.getCookies(`http://${place}`);
      for (const { key, value } of cookies) if (key === "sy") ids.add(decodeVisitor(value)?.id);
    }
    isOneId &&= ids.size === 1;
    pairs.push(variants.join());
  }
  return { isSame: pairs.every((pair) => pair === "a,a" || pair === "b,b"), isOneId };
}

const TENANTS = ["www.example.org/storefrontA/", "www.example.org/storefrontB/"] as const;

test("tenants below one host know a visitor by an id each, so one salt draws them apart", async () => {
  expect(await seen(TENANTS)).toEqual({ isSame: false, isOneId: false });
});

test("a header that names the visitor to both, and one salt, put them into the same half of each", async () => {
  const byName = (visitor: number) => ({ "x-user-id": `visitor ${visitor}` });
  expect(await seen(TENANTS, byName)).toMatchObject({ isSame: true });
});

test("so does one host key with a prefix for each", async () => {
  const prefixes = ["mall.example.org/storefrontA/", "mall.example.org/storefrontB/"] as const;
  expect(await seen(prefixes)).toEqual({ isSame: true, isOneId: true });
});

test("so does the domain above two hosts", async () => {
  const hosts = ["a.example.com/", "b.example.com/"] as const;
  expect(await seen(hosts)).toEqual({ isSame: true, isOneId: true });
});
