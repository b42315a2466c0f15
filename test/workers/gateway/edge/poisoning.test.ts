import { describe, expect, test } from "vitest";

import { HOST, one, world, type Origin } from "./world.ts";

const MARK = "evil.example";

/** An origin that believes whatever it is told, and puts it into its page: the worst there is. */
const gullible: Origin = ({ url, headers, method }) =>
  new Response(
    JSON.stringify({
      url: url.pathname + url.search + url.hash,
      method,
      // What we tell in `Forwarded` is true, and told only to who brings one.
      headers: [...headers].filter(([name, value]) => name !== "forwarded" || value.includes(MARK)),
    }),
  );

const having = (headers: Record<string, string>): RequestInit => ({ headers });

describe("what an attacker sends is in nobody else's page", () => {
  // PortSwigger's "Web cache poisoning" and its successors: inputs that reach an origin and are in no key.
  test.each<[string, string, RequestInit]>([
    ["X-Forwarded-Host", "/", having({ "x-forwarded-host": MARK })],
    ["X-Forwarded-Host in another spelling", "/", having({ x_forwarded_host: MARK })],
    ["X-Host", "/", having({ "x-host": MARK })],
    ["X-Forwarded-Server", "/", having({ "x-forwarded-server": MARK })],
    ["X-HTTP-Host-Override", "/", having({ "x-http-host-override": MARK })],
    ["X-Forwarded-Scheme", "/", having({ "x-forwarded-scheme": `nothttps-${MARK}` })],
    ["X-Forwarded-Proto", "/", having({ "x-forwarded-proto": `nothttps-${MARK}` })],
    ["X-Forwarded-Port", "/", having({ "x-forwarded-port": `1-${MARK}` })],
    ["X-Forwarded-Prefix", "/", having({ "x-forwarded-prefix": `/${MARK}` })],
    ["Forwarded", "/", having({ forwarded: `host=${MARK}` })],
    ["X-Original-URL", "/", having({ "x-original-url": `/${MARK}` })],
    ["X-Rewrite-URL", "/", having({ "x-rewrite-url": `/${MARK}` })],
    ["a method override", "/", having({ "x-http-method-override": `POST ${MARK}` })],
    ["another method override", "/", having({ "x-method-override": `POST ${MARK}` })],
    ["Origin", "/", having({ origin: `https://${MARK}` })],
    ["a cookie", "/", having({ cookie: `lang=${MARK}` })],
    ["a cookie in our name", "/", having({ cookie: `sy=${MARK}` })],
    ["credentials", "/", having({ authorization: `Bearer ${MARK}` })],
    ["a condition", "/", having({ "if-match": `"${MARK}"` })],
    ["a query", `/?utm_content=${MARK}`, {}],
    ["a parameter twice", `/?id=1&id=${MARK}`, {}],
    ["a cloaked parameter", `/?id=1;id=${MARK}`, {}],
    ["a parameter in the path", `/;${MARK}`, {}],
    ["a fragment", `/#${MARK}`, {}],
    ["an encoded fragment", `/%23${MARK}`, {}],
    ["an encoded query", `/%3F${MARK}`, {}],
    ["an encoded slash", `/%2F${MARK}`, {}],
    ["an encoded end of the line", `/%0D%0AX-E:%20${MARK}`, {}],
    ["dot segments", `/..%2F${MARK}`, {}],
    ["a body where none belongs", "/", { method: "POST", body: MARK }],
  ])("%s", async (_, path, init) => {
    const { ask } = world({ [HOST]: one() }, { origin: gullible });
    const clean = await world({ [HOST]: one() }, { origin: gullible }).ask("/");
    expect(clean.status).toBe(200);
    for (let attempt = 0; attempt < 2; attempt += 1) await ask(path, init);
    const victim = await ask("/");
    expect(victim.text).toBe(clean.text);
    expect(victim.text).not.toContain(MARK);
    expect([...victim.headers.values()].join()).not.toContain(MARK);
  });

  test("by a field taken away on the way: Connection names it", async () => {
    const greeting: Origin = ({ headers }) =>
      new Response(headers.get("accept-language") ?? "none", {
        headers: { vary: "accept-language" },
      });
    const policy = one({ cache: { ttlSeconds: 60, vary: ["accept-language"] } });
    const { ask } = world({ [HOST]: policy }, { origin: greeting });
    await ask("/", having({ "accept-language": "de", connection: "accept-language" }));
    expect((await ask("/", having({ "accept-language": "de" }))).text).toBe("de");
    expect((await ask("/")).text).toBe("none");
  });

  test("by making the origin fail", async () => {
    const easily: Origin = ({ headers, url }) =>
      headers.has("x-long") || headers.has("range") || url.search !== ""
        ? new Response("refused", { status: 400 })
        : new Response("page");
    const { ask } = world({ [HOST]: one() }, { origin: easily });
    for (const [path, init] of [
      ["/", having({ "x-long": "x".repeat(8000) })],
      ["/", having({ range: "bytes=9-1" })],
      ["/?x", {}],
    ] as const)
      expect((await ask(path, init)).status).toBe(400);
    expect(await ask("/")).toMatchObject({ status: 200, text: "page" });
  });

  test("by what would pass for a static file", async () => {
    // "Web cache deception": the page of somebody who is logged in, kept under a name that looks public.
    const account: Origin = ({ headers }) => new Response(headers.get("cookie") ?? "nobody");
    const { ask } = world({ [HOST]: one() }, { origin: account });
    const paths = ["/account/x.css", "/account;x.css", "/account%2Fx.css", "/account%00x.css"];
    for (const path of paths) {
      expect((await ask(path, having({ cookie: "session=1" }))).text).toBe("session=1");
      expect((await ask(path)).text).toBe("nobody");
    }
  });

  test("nor can what is kept be asked for by its own name", async () => {
    const urls: string[] = [];
    const openEdge = async () => ({
      match: async (url: string) => void urls.push(url),
      put: async (url: string) => void urls.push(url),
    });
    const { ask } = world({ [HOST]: one(), "*": one() }, { openEdge });
    await ask("/");
    const [url = ""] = urls;
    expect(new Set(urls).size).toBe(1);
    // The Worker answers such paths itself: `src/index.ts`.
    expect(url).toMatch(/^https:\/\/shop\.example\.com\/\.switchyard\/edge\/[\w%]{43,60}$/);
  });
});

test("a URL of any length is answered", async () => {
  const { ask } = world(
    { [HOST]: one() },
    { origin: ({ url }) => new Response(String(url.href.length)) },
  );
  for (const chars of [2000, 15_000, 17_000, 60_000]) {
    const path = `/?${"x".repeat(chars)}`;
    for (let visit = 0; visit < 2; visit += 1)
      expect(await ask(path)).toMatchObject({ status: 200, text: String(chars + 19) });
  }
});
