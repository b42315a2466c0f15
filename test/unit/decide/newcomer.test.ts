import { describe, expect, test } from "vitest";
import { decide } from "../../support/decide.ts";
import { factsFrom, NOW, withCookie, type Scene } from "../../property/arbitraries/facts.ts";
import { ready } from "../../property/population.ts";
import { weighted } from "../policy/judge.ts";

const known = (sentAt: number) =>
  withCookie({ id: "kJ3-x9_QmZ0aB7cD2eF4gH", seenAt: NOW - 5000, sentAt, pins: [] });

const asked = (scene: Scene, fields: object = {}) => {
  const decision = decide(ready(weighted({ ...fields })), factsFrom(scene));
  if (decision === undefined) throw new Error("a split serves everybody");
  return decision;
};

/** Whether a request with these fields gets a new id. */
const given = (headers: Record<string, string>, sticky: object = {}, method = "GET"): boolean =>
  asked({ method, headers }, { sticky }).remember !== undefined;

describe("a new id is given", () => {
  test.each(["document", "iframe", "frame", "empty"])("to a GET for %s", (destination) => {
    expect(given({ "sec-fetch-dest": destination })).toBe(true);
  });

  test("to a GET that says nothing of itself", () => {
    expect(given({})).toBe(true);
  });

  test("to a visitor who comes from another site, be it by a link", () => {
    expect(given({ "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" })).toBe(true);
  });
});

describe("a new id is never given", () => {
  test.each(["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "QUERY"])(
    "to %s",
    (method) => {
      expect(given({}, {}, method)).toBe(false);
      expect(given({ "sec-fetch-dest": "document" }, {}, method)).toBe(false);
    },
  );

  test("to a CORS preflight", () => {
    expect(given({ "access-control-request-method": "PUT" }, {}, "OPTIONS")).toBe(false);
  });

  test.each([
    "audio",
    "audioworklet",
    "embed",
    "fencedframe",
    "font",
    "image",
    "json",
    "manifest",
    "object",
    "paintworklet",
    "report",
    "script",
    "serviceworker",
    "sharedworker",
    "style",
    "track",
    "video",
    "websocket",
    "webidentity",
    "worker",
    "xslt",
    "a-destination-of-later",
  ])("to a sub-resource: %s", (destination) => {
    expect(given({ "sec-fetch-dest": destination })).toBe(false);
  });

  test.each([
    ["sec-purpose", "prefetch"],
    ["sec-purpose", "prefetch;prerender"],
    ["sec-purpose", "prefetch;anonymous-client-ip"],
    ["sec-purpose", "Prefetch; prerender"],
    ["purpose", "prefetch"],
    ["x-moz", "prefetch"],
    ["x-purpose", "preview"],
  ])("to what is fetched ahead: %s: %s", (name, value) => {
    expect(given({ [name]: value })).toBe(false);
    expect(given({ [name]: value, "sec-fetch-dest": "document" })).toBe(false);
  });

  test("where the browser left the cookie out for coming from another site, and might replace it", () => {
    const link = { "sec-fetch-dest": "document", "sec-fetch-site": "cross-site" };
    expect(given(link, { cookie: { sameSite: "strict" } })).toBe(false);
    expect(given(link, { cookie: { sameSite: "none" } })).toBe(true);
    expect(given({ "sec-fetch-site": "same-origin" }, { cookie: { sameSite: "strict" } })).toBe(
      true,
    );
  });

  test.each(["iframe", "frame", "empty"])(
    "to another site's %s, which would not store it but under SameSite=None",
    (destination) => {
      const framed = { "sec-fetch-dest": destination, "sec-fetch-site": "cross-site" };
      expect(given(framed)).toBe(false);
      expect(given(framed, { cookie: { sameSite: "strict" } })).toBe(false);
      expect(given(framed, { cookie: { sameSite: "none" } })).toBe(true);
    },
  );

  test("beside a header that names the visitor, in a pinning split", () => {
    const sticky = { by: [{ header: "x-user-id" }, "cookie"], mode: "pin" };
    const headers = { "x-user-id": "ada" };
    expect(given(headers, sticky)).toBe(true);
    expect(given(headers, sticky, "POST")).toBe(false);
    expect(asked({ headers, method: "POST" }, { sticky }).fleeting).toBe(false);
  });
});

describe("who cannot be given an id", () => {
  test("is drawn for this request alone: not counted, and in nobody else's cache", () => {
    const payment = asked({ method: "POST", draw: "BBBBBBBBBBBBBBBBBBBBBB" });
    expect(payment).toMatchObject({ reason: "split", counted: false, fleeting: true });
    const names = new Set(
      Array.from({ length: 512 }, (_, index) => {
        const draw = String(index).padStart(22, "A");
        return asked({ method: "POST", draw }).variant.name;
      }),
    );
    expect(names.size).toBe(2);
  });

  test("is not one who has one: what a known cookie needs may ride on any answer", () => {
    const old = known(0);
    for (const scene of [
      { method: "POST" },
      { method: "HEAD" },
      { headers: { "sec-fetch-dest": "image" } },
      { headers: { "sec-purpose": "prefetch" } },
    ]) {
      expect(asked({ ...old, ...scene }).remember?.sentAt).toBe(NOW);
      const pinned = asked({ ...known(NOW), ...scene }, { sticky: { mode: "pin" } });
      expect(pinned.remember?.pins).toHaveLength(1);
      expect(pinned.fleeting).toBe(false);
    }
  });
});

describe("counted", () => {
  const cookie = known(NOW);
  test.each<[string, Scene, object, boolean]>([
    ["a visitor whose cookie came", cookie, {}, true],
    ["a visitor whose cookie is being set", {}, {}, true],
    ["an order of a known visitor", { ...cookie, method: "POST" }, {}, true],
    ["a known visitor's image", { ...cookie, headers: { "sec-fetch-dest": "image" } }, {}, true],
    ["who is named by a header", { headers: { "x-u": "a" } }, { by: [{ header: "x-u" }] }, true],
    ["who is named by a query", { queries: { u: ["a"] } }, { by: [{ query: "u" }] }, true],
    ["who is named by an address", { ip: "192.0.2.7" }, { by: ["ip"] }, true],
    ["who is named by nothing", {}, { by: ["ip", { query: "u" }, { header: "x-u" }] }, false],
    ["a pinned visitor", cookie, { mode: "pin" }, true],
    ["an order by nobody known", { method: "POST" }, {}, false],
    ["HEAD", { ...cookie, method: "HEAD" }, {}, false],
    ["OPTIONS", { ...cookie, method: "OPTIONS" }, {}, false],
    ["a crawler", { ...cookie, bot: true }, {}, false],
    ["a prefetch", { ...cookie, headers: { "sec-purpose": "prefetch" } }, {}, false],
    ["a preview", { ...cookie, headers: { "x-purpose": "preview" } }, {}, false],
  ])("%s: %s", (_, scene, sticky, counts) => {
    expect(asked(scene, { sticky }).counted).toBe(counts);
  });

  test("nobody where every request is drawn anew", () => {
    expect(asked(cookie, { sticky: false })).toMatchObject({ counted: false, fleeting: true });
  });
});
