import { beforeAll, describe, expect, it, vi } from "vitest";

import type { ControlEnv } from "../../../../src/config/control.ts";
import { ACCESS, ASSERTED, ON, TOKENS, scriptOf, sessionFor, visit } from "./visit.ts";

/** Every page of the console, as people bookmark it. */
const PAGES = [
  "/",
  "/routes/shop.example.com",
  "/routes/%2A.example.com",
  "/routes/shop/change",
  "/routes/shop/edit",
  "/routes/shop/results",
  "/routes/shop/history",
  "/explain",
];

const NOTHING = [
  "/index.html",
  "/sign-in.html",
  "/sign-in/",
  "/manifest.json",
  "/.console-sources",
  "/routes",
  "/routes/",
  "/routes/a/b",
  "/routes/a/change/x",
  "/assets/",
  "/assets/public/none.js",
  "/assets/public/..%2Findex.html",
  "/assets/public/%2e%2e/%2e%2e/index.html",
  "/favicon.ico",
  "//explain",
  "/Explain",
];

let cookie = "";
beforeAll(async () => {
  cookie = await sessionFor(TOKENS.ann);
});

const signedIn = async (path: string, headers = {}, method = "GET") =>
  visit(method, path, { headers: { cookie, ...headers } });

describe("the console's files", () => {
  it.each(PAGES)("are one document at %s, for whoever is signed in", async (path) => {
    const response = await signedIn(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).toContain('src="/assets/index-');
  });

  it.each(PAGES)("lead whoever is not from %s to sign in, and back there", async (path) => {
    const response = await visit("GET", `${path}?window=600`);
    expect(response.status).toBe(303);
    const location = new URL(response.headers.get("location") ?? "", "https://control.example.com");
    expect(location.pathname).toBe("/sign-in");
    expect(location.searchParams.get("next")).toBe(`${path}?window=600`);
    expect(await response.text()).toBe("");
  });

  it("lead from the first page to the plain address", async () => {
    expect((await visit("GET", "/")).headers.get("location")).toBe("/sign-in");
  });

  it("are there for whom Cloudflare Access lets in, and for a bearer token", async () => {
    const byAccess = await visit("GET", "/", { access: ACCESS, headers: ASSERTED });
    const byToken = await visit("GET", "/", {
      headers: { authorization: `Bearer ${TOKENS.ben}` },
    });
    expect([byAccess.status, byToken.status]).toEqual([200, 200]);
  });

  it("are nothing to guess tokens at", async () => {
    const asked: unknown[] = [];
    const limit = async (key: unknown) => {
      asked.push(key);
      return { success: false };
    };
    const env: ControlEnv = { ...ON, ADMIN_LIMITER: { limit } };
    const headers = { authorization: "Bearer guessed", "cf-connecting-ip": "203.0.113.9" };
    expect((await visit("GET", "/", { env, headers })).status).toBe(429);
    expect(asked).toEqual([{ key: "203.0.113.9" }]);
    expect((await visit("GET", "/", { env })).status).toBe(303);
    expect(asked).toHaveLength(1);
  });

  it("of the pages are refused to others, those of the sign-in page are not", async () => {
    const page = await scriptOf(await signedIn("/"));
    const signInPage = await visit("GET", "/sign-in");
    expect(signInPage.status).toBe(200);
    expect(signInPage.headers.get("cache-control")).toBe("no-store");
    const publicScript = await scriptOf(signInPage);
    expect(publicScript).toMatch(/^\/assets\/public\/sign-in-/);
    const refused = await visit("GET", page);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: "unauthorized" });
    const own = await signedIn(page);
    const everybodys = await visit("GET", publicScript);
    expect(own.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
    expect(everybodys.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    for (const one of [own, everybodys]) {
      expect(one.status).toBe(200);
      expect(one.headers.get("content-type")).toMatch(/^text\/javascript/);
    }
  });

  it("send a token in no address, not even before the script of the sign-in page is there", async () => {
    const text = await (await visit("GET", "/sign-in")).text();
    const forms = text.match(/<form\b[^>]*>/g) ?? [];
    expect(forms).toEqual([expect.stringContaining('method="post"') as string]);
  });

  it("of the pages are not told apart from what is not there by whoever is not signed in", async () => {
    expect((await visit("GET", "/assets/none.js")).status).toBe(401);
    expect((await signedIn("/assets/none.js")).status).toBe(404);
  });

  it("are not sent again to whoever has them", async () => {
    const script = await scriptOf(await signedIn("/"));
    const etag = (await signedIn(script)).headers.get("etag") ?? "none";
    const again = await signedIn(script, { "if-none-match": etag });
    expect(again.status).toBe(304);
    expect(again.headers.get("etag")).toBe(etag);
    expect(await again.text()).toBe("");
    expect((await visit("GET", script, { headers: { "if-none-match": etag } })).status).toBe(401);
  });

  it("answer HEAD without a body, and no other method", async () => {
    const head = await signedIn("/", {}, "HEAD");
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect((await visit("HEAD", "/")).status).toBe(303);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"])
      for (const path of ["/", "/sign-in", "/assets/public/x.js"]) {
        const response = await signedIn(path, {}, method);
        expect([method, path, response.status]).toEqual([method, path, 405]);
        expect(response.headers.get("allow")).toBe("GET, HEAD");
      }
  });

  it.each(NOTHING)("are not at %s", async (path) => {
    for (const headers of [{}, { cookie }]) {
      const response = await visit("GET", path, { headers });
      expect(await response.json()).toMatchObject({ status: 404, code: "not-found" });
    }
  });

  it("are on the control plane's hosts alone, and nowhere while it is off or has none", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const withoutFiles: ControlEnv = { ...ON };
    Reflect.deleteProperty(withoutFiles, "ASSETS");
    const elsewhere: ControlEnv = { ...ON, ADMIN_HOST: "admin.example.com" };
    const off: ControlEnv = { ...ON, ADMIN_TOKENS: "[]", ADMIN_ACCESS: "[]" };
    for (const env of [elsewhere, off, withoutFiles])
      for (const [method, path] of [
        ["GET", "/"],
        ["GET", "/sign-in"],
        ["POST", "/session"],
      ] as const) {
        const response = await visit(method, path, { env, headers: { cookie } });
        expect(await response.json()).toMatchObject({ status: 404, code: "not-found" });
      }
    const there = await visit("GET", "https://admin.example.com/sign-in", { env: elsewhere });
    expect(there.status).toBe(200);
    warn.mockRestore();
  });

  it("come with what keeps other pages and foreign scripts away, as all answers do", async () => {
    const script = await scriptOf(await signedIn("/"));
    const answers = [
      await signedIn("/"),
      await visit("GET", "/"),
      await visit("GET", "/sign-in"),
      await signedIn(script),
      await visit("GET", "/nothing-here"),
      await signedIn("/v1/me"),
      await visit("GET", "/v1/me"),
      await visit("GET", "/v1/openapi.json"),
      await visit("GET", "/session"),
    ];
    for (const { headers, url } of answers) {
      const policy = headers.get("content-security-policy") ?? "";
      expect([url, policy.split("; ")]).toEqual([
        url,
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "base-uri 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ]),
      ]);
      expect(policy).not.toContain("unsafe");
      expect(Object.fromEntries(headers)).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers.get("permissions-policy")).toContain("camera=()");
      expect(headers.has("access-control-allow-origin")).toBe(false);
    }
  });
});
