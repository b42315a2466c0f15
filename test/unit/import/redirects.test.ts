import { describe, expect, test } from "vitest";

import { importRedirects } from "../../../src/import/redirects/redirects.ts";
import { gatewayWith, type Asked } from "./asked.ts";

const SITE = "https://site.example.com";

const imported = (...lines: string[]) =>
  importRedirects(lines.join("\n"), {
    key: "shop.example.com",
    backends: new Map([["site", SITE]]),
  });

/** The policies of lines that must all be sayable. */
function policiesOf(...lines: string[]) {
  const { policies, reports } = imported(...lines);
  expect(reports.filter(({ level }) => level === "error")).toEqual([]);
  return policies;
}

/** Where a request goes: `status location` of a redirect, the URL that an origin is asked for, or a status. */
async function led(
  policies: Readonly<Record<string, unknown>>,
  path: string,
  more: Partial<Asked> = {},
): Promise<string> {
  const answer = await gatewayWith(policies)({ host: "shop.example.com", path, ...more });
  const { status, forwarded } = answer;
  if (forwarded !== undefined) return forwarded.origin + forwarded.path;
  const location = answer.headers.get("location");
  return location === null
    ? String(status)
    : `${status} ${location.replace(/^http:\/\/shop\.example\.com/, "")}`;
}

describe("a line means", () => {
  test.each([
    ["/home / 301!", "/home", "301 /"],
    ["/home / 301!", "/home/", "301 /"],
    ["/home / 301!", "/home/x", `${SITE}/home/x`],
    ["/home / 302!", "/home?a=1", "302 /?a=1"],
    ["/home https://www.example.com 308!", "/home", "308 https://www.example.com/"],
    ["/home https://www.example.com:8443/a 307!", "/home", "307 https://www.example.com:8443/a"],
    ["/news/* /blog/:splat 303!", "/news/a/b", "303 /blog/a/b"],
    ["/news/* /blog/:splat 303!", "/news", "303 /blog"],
    ["/news/* /blog/:splat 303!", "/newsletter", `${SITE}/newsletter`],
    ["/news/* /blog 301!", "/news/a/b", "301 /blog"],
    ["/news/* /:splat 301!", "/news/a/b", "301 /a/b"],
    ["/* https://www.example.com/:splat 301!", "/a/b?c=d", "301 https://www.example.com/a/b?c=d"],
    ["/* https://www.example.com/old/:splat 301!", "/a/b", "301 https://www.example.com/old/a/b"],
    ["/blog/:year/:slug /news/:year/:slug 301!", "/blog/2026/x", "301 /news/2026/x"],
    ["/blog/:year/:slug /news/:year/:slug 301!", "/blog/2026", `${SITE}/blog/2026`],
    [
      "/:year/x/* https://old.example.com/:year/x/:splat 301!",
      "/26/x/y/z",
      "301 https://old.example.com/26/x/y/z",
    ],
    ["/user/:id /profile 301!", "/user/7", "301 /profile"],
    ["/user/:id /profile 301!", "/user/7/x", `${SITE}/user/7/x`],
    ["/store id=:id /shop 301!", "/store?id=7", "301 /shop?id=7"],
    ["/store id=:id /shop 301!", "/store", `${SITE}/store`],
    ["/store id=1 /shop 301!", "/store?id=7", `${SITE}/store?id=7`],
    ["/gone/* /404.html 404!", "/gone/x", "404"],
    ["/gone /gone.html 410", "/gone", "410"],
    ["/secret /law.html 451!", "/secret", "451"],
    ["\uFEFF/a /b 301!", "/a", "301 /b"],
    ["/a /b 301!\r", "/a", "301 /b"],
    [
      "/api/* https://api.example.com/v1/:splat 200!",
      "/api/x?y=1",
      "https://api.example.com/v1/x?y=1",
    ],
    ["/api/* https://api.example.com/v1/:splat 200!", "/api", "https://api.example.com/v1"],
    ["/api/* https://api.example.com/:splat 200!", "/api/x", "https://api.example.com/x"],
    ["/api https://api.example.com/v1/all 200!", "/api", "https://api.example.com/v1/all"],
    ["/* /index.html 200!", "/a/b", `${SITE}/index.html`],
    ["/about /about.html 200", "/about", `${SITE}/about.html`],
    ["/old/* /new/:splat 200!", "/old/a", `${SITE}/new/a`],
    ["/u/:id/* https://api.example.com/:id/:splat 200!", "/u/7/x", "https://api.example.com/7/x"],
    [
      "/:lang/docs/* https://docs.example.com/:lang/docs/:splat 200!",
      "/de/docs/x",
      "https://docs.example.com/de/docs/x",
    ],
    ["/a /a/ 301!", "/a", "301 /a/"],
    ["/a /a/ 301!", "/a/", `${SITE}/a/`],
    ["/a /b 301! # as of old", "/a", "301 /b"],
  ])("%s: %s leads to %s", async (line, path, where) => {
    const { policies, reports } = imported(line);
    expect(reports.filter(({ level }) => level === "error")).toEqual([]);
    expect(await led(policies, path)).toBe(where);
  });

  test("alternatives, where it names several cookies or countries", async () => {
    const policies = policiesOf("/app /next 302! Cookie=beta,next", "/app /fr 302! Language=fr,it");
    const ask = async (headers: Readonly<Record<string, string>>) =>
      led(policies, "/app", { headers });
    expect(await ask({ cookie: "beta=1" })).toBe("302 /next");
    expect(await ask({ cookie: "next=" })).toBe("302 /next");
    expect(await ask({ cookie: "other=1" })).toBe(`${SITE}/app`);
    expect(await ask({ "accept-language": "it-CH" })).toBe("302 /fr");
  });

  test("its own host and scheme, where it names them", async () => {
    const policies = policiesOf(
      "http://blog.example.com/* https://shop.example.com/blog/:splat 301!",
    );
    expect(Object.keys(policies)).toEqual(["blog.example.com"]);
    const ask = async (scheme: "http" | "https") =>
      led(policies, "/x", { host: "blog.example.com", scheme });
    expect(await ask("http")).toBe("301 https://shop.example.com/blog/x");
    expect(await ask("https")).toBe(`${SITE}/x`);
  });

  test("nothing, where an earlier one takes all of its requests", () => {
    const { reports } = imported("/a/* /b 301!", "/a/x /c 301!");
    expect(new Set(reports.map(({ object, field }) => `${object} ${field}`))).toEqual(
      new Set(["_redirects line 2 from"]),
    );
  });

  test("more than the one below it, whatever their paths", async () => {
    const policies = policiesOf("/a/b/* /1 301! Country=us", "/a/* /2 301!");
    expect(await led(policies, "/a/b/c")).toBe("301 /2");
  });
});

describe("what cannot be said is refused by its line and word:", () => {
  test.each([
    ["Role", "/adm/* /admin 301! Role=admin"],
    ["Region", "/a /b 301! Region=x"],
    ["to", "/* /index.html 200"],
    ["to", "/* /404.html 404"],
    ["to", "/a //evil.example 301!"],
    ["Country", "/a /b 301! Country=us Country=ca"],
    ["id", "/a id=1 id=2 /b 301!"],
    ["to", "/a/:x/b /:x 301!"],
    ["to", "/a /b?c=d 301!"],
    ["to", "/a /b#c 301!"],
    ["to", "/a"],
    ["to", "/a/* /a/:splat 301!"],
    ["id", "/store id=:id /shop/:id 301!"],
    ["from", "/a/*/b /c 301!"],
    ["from", "/a* /c 301!"],
    ["from", "a /c 301!"],
    ["status", "/a /b 418!"],
    ["from", `/${":x/".repeat(4)} /b 301!`],
  ])("%s of %s", (field, line) => {
    const { reports, policies } = imported("/ok /fine 301!", line);
    const errors = reports.filter(({ level }) => level === "error");
    expect(errors.map(({ object, field: named, path }) => [object, named, path])).toContainEqual([
      "_redirects line 2",
      field,
      `$[1].${field}`,
    ]);
    expect(Object.keys(policies)).toEqual(["shop.example.com"]);
  });
});

describe("a warning says", () => {
  const warned = (...lines: string[]) =>
    imported(...lines).reports.map(({ level, object, field }) => `${level} ${object} ${field}`);

  test("that a line without a status is read as Netlify does", () => {
    expect(warned("/a /b")).toEqual([
      "warning _redirects line 1 status",
      "warning _redirects status",
    ]);
  });

  test("that files do not go first here", () => {
    expect(warned("/a /b 301")).toEqual(["warning _redirects status"]);
    expect(warned("/a /b 301!")).toEqual([]);
  });
});

test("without an origin, the site is what is missing", () => {
  const { missing, reports } = importRedirects("/a /b 301!", { key: "*", backends: new Map() });
  expect(missing).toEqual(["site"]);
  expect(reports.map(({ level, object, field }) => [level, object, field])).toEqual([
    ["error", "_redirects", "site"],
  ]);
});
