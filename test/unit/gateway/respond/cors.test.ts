import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerPreflight, applyCors } from "../../../../src/gateway/respond/cors.ts";
import type { Cors } from "../../../../src/policy/fields/cors.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import { check } from "../../../support/property.ts";
import { leaf } from "../../policy/leaf.ts";

type Written = Readonly<Record<string, unknown>>;

function corsOf(written: Written): Cors {
  const cors = { origins: ["https://www.foo.com", "https://*.bar.com"], ...written };
  const parsed = parseValue({ origin: "https://o.example", cors }, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const made = leaf(compile(parsed.policy, "a.example").root).cors;
  if (made === undefined) throw new Error("no cors");
  return made;
}

/** A request whose fields no client's own checks touch. */
const request = (fields: Readonly<Record<string, string>>): Request =>
  ({ headers: new Headers(fields) }) as Request;

/** The CORS fields of an answer to a page of an origin. */
function answered(origin: string | undefined, written: Written = {}, own: object = {}) {
  const headers = new Headers({ ...own });
  applyCors(headers, corsOf(written), request(origin === undefined ? {} : { origin }));
  return Object.fromEntries(headers);
}

function preflighted(fields: Readonly<Record<string, string>>, written: Written = {}) {
  const { status, headers, body } = answerPreflight(
    corsOf(written),
    request({ origin: "https://www.foo.com", "access-control-request-method": "PUT", ...fields }),
  );
  expect([status, body]).toEqual([204, null]);
  return Object.fromEntries(headers);
}

const ALLOW = "access-control-allow-origin";

describe("pages of an origin may read an answer", () => {
  test.each([
    ["https://www.foo.com"],
    ["https://a.bar.com"],
    ["https://a.b-c.d_e.bar.com"],
    ["https://xn--bcher-kva.bar.com"],
  ])("where it is listed: %s", (origin) => {
    expect(answered(origin)).toEqual({ [ALLOW]: origin, vary: "origin" });
  });

  test.each([
    // Suffixes, prefixes, ports, schemes, spelling.
    "https://bar.com",
    "https://evilbar.com",
    "https://a.bar.com.evil.example",
    "https://www.foo.com.evil.example",
    "https://evilwww.foo.com",
    "https://www.foo.com:8443",
    "https://www.foo.com:443",
    "https://a.bar.com:8443",
    "http://www.foo.com",
    "http://a.bar.com",
    "https://WWW.FOO.COM",
    "HTTPS://www.foo.com",
    "https://www.foo.com/",
    "https://www.foo.com, https://www.foo.com",
    "https://evil.example/.bar.com",
    "https://evil.example#.bar.com",
    "https://evil.example?.bar.com",
    "https://u@a.bar.com",
    "https://evil.example\\.bar.com",
    "https://evil.example%00.bar.com",
    "https://.bar.com",
    "https://..bar.com",
    "https://a..bar.com",
    "https://*.bar.com",
    "null",
    "*",
    "",
    " ",
  ])("and %j is not", (origin) => {
    for (const credentials of [true, false])
      expect(answered(origin, { credentials })).toEqual({ vary: "origin" });
  });

  test("a request without an origin is told of nobody", () => {
    expect(answered(undefined)).toEqual({ vary: "origin" });
  });

  test("wildcards keep to their scheme and port", () => {
    const any = { origins: ["https://*", "http://*:8080", "https://*.a.example:8443"] };
    const allowed = (origin: string) => answered(origin, any)[ALLOW] === origin;
    expect(
      ["https://x", "https://x.y", "http://x:8080", "https://x.a.example:8443"].map(allowed),
    ).toEqual([true, true, true, true]);
    expect(["http://x", "https://x:8080", "http://x:80801", "ftp://x"].map(allowed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test("a written origin is compared as browsers write it", () => {
    const origins = ["HTTPS://A.Example:443", "http://b.example:80", "capacitor://localhost"];
    for (const origin of ["https://a.example", "http://b.example", "capacitor://localhost"])
      expect(answered(origin, { origins })[ALLOW]).toBe(origin);
  });

  test.each(["https://any.example", "null", undefined])("`*` is everybody: %s", (origin) => {
    expect(answered(origin, { origins: ["*"] })).toEqual({ [ALLOW]: "*", vary: "origin" });
  });
});

describe("an answer", () => {
  const own = {
    [ALLOW]: "https://evil.example",
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "*",
    "access-control-allow-headers": "*",
    "access-control-expose-headers": "x-secret",
    "access-control-max-age": "99",
    vary: "Accept-Encoding",
    "x-total": "7",
  };

  test("loses what its origin says of CORS, whoever asks", () => {
    const kept = { vary: "Accept-Encoding, origin", "x-total": "7" };
    expect(answered("https://evil.example", {}, own)).toEqual(kept);
    expect(answered("https://www.foo.com", { expose: ["x-total", "x-b"] }, own)).toEqual({
      ...kept,
      [ALLOW]: "https://www.foo.com",
      "access-control-expose-headers": "x-total, x-b",
    });
  });

  test("allows credentials where the policy says so, and names what it exposes beside them", () => {
    const written = { credentials: true, expose: ["*"] };
    expect(answered("https://www.foo.com", written, { "x-a": "1", "x-b": "2" })).toEqual({
      [ALLOW]: "https://www.foo.com",
      "access-control-allow-credentials": "true",
      "access-control-expose-headers": "vary, x-a, x-b",
      vary: "origin",
      "x-a": "1",
      "x-b": "2",
    });
    expect(answered("https://www.foo.com", { expose: ["*"] })).toMatchObject({
      "access-control-expose-headers": "*",
    });
  });
});

describe("a preflight", () => {
  const VARY = "origin, access-control-request-method, access-control-request-headers";
  const NONE = { vary: VARY };
  const SOME = { [ALLOW]: "https://www.foo.com", vary: VARY, "access-control-max-age": "5" };

  test("is told what the policy lists, and no less for what it asks", () => {
    const written = {
      methods: ["GET", "OPTIONS"],
      headers: ["x-header-1", "x-header-2"],
      expose: ["x-header-3"],
      credentials: true,
      maxAgeSeconds: 3600,
    };
    expect(preflighted({ "access-control-request-headers": "x-other" }, written)).toEqual({
      ...SOME,
      "access-control-allow-methods": "GET, OPTIONS",
      "access-control-allow-headers": "x-header-1, x-header-2",
      "access-control-expose-headers": "x-header-3",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "3600",
    });
  });

  test("may use the methods that need no asking where none are listed", () => {
    expect(preflighted({})).toEqual({ ...SOME, "access-control-allow-methods": "GET, HEAD, POST" });
  });

  test.each(["https://foobar.com", "null", "https://www.foo.com.evil.example"])(
    "of pages of %s is told nothing",
    (origin) => {
      expect(preflighted({ origin }, { credentials: true, methods: ["*"] })).toEqual(NONE);
    },
  );

  test("with wildcards hears of them, and beside credentials, where `*` is only a name, of what it asked", () => {
    const wild = { methods: ["*"], headers: ["*"] };
    const asked = { "access-control-request-headers": "x-a, Authorization" };
    expect(preflighted(asked, wild)).toEqual({
      ...SOME,
      "access-control-allow-methods": "*",
      "access-control-allow-headers": "*",
    });
    expect(preflighted(asked, { ...wild, credentials: true })).toEqual({
      ...SOME,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "PUT",
      "access-control-allow-headers": "x-a, Authorization",
    });
    expect(preflighted({}, { ...wild, credentials: true })).not.toHaveProperty(
      "access-control-allow-headers",
    );
    expect(preflighted(asked, { headers: ["*", "authorization"] })).toMatchObject({
      "access-control-allow-headers": "*, authorization",
    });
  });

  test.each(["x-a; y", 'x"a', "é", "x".repeat(4097), "<script>", "x-a: 1"])(
    "gets nothing back that is not a list of names: %j",
    (text) => {
      const fields = { "access-control-request-headers": text };
      const written = { headers: ["*"], credentials: true };
      expect(preflighted(fields, written)).not.toHaveProperty("access-control-allow-headers");
    },
  );
});

test("no origin that is not listed is ever told that it may read, whatever it is called", () => {
  const part = fc.constantFrom(
    "https://",
    "http://",
    "www.foo.com",
    ".bar.com",
    "bar.com",
    "evil.example",
    "a",
    ".",
    ":443",
    "/",
    "@",
    "#",
    "%2e",
    "\\",
    " ",
    "*",
    "null",
    "é",
  );
  const origins = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
  check(
    fc.property(origins, fc.boolean(), (origin, credentials) => {
      const headers = new Headers();
      const asked = { headers: { get: () => origin } } as unknown as Request;
      applyCors(headers, corsOf({ credentials }), asked);
      const allowed = headers.get(ALLOW);
      const url = URL.parse(origin);
      // What a browser calls an origin is just this, and nothing else that a URL might be.
      const isListed =
        url !== null &&
        url.origin === origin &&
        url.protocol === "https:" &&
        url.port === "" &&
        (url.hostname === "www.foo.com" || /^[^.]+(?:\.[^.]+)*\.bar\.com$/.test(url.hostname));
      expect([origin, allowed]).toEqual([origin, isListed ? origin : null]);
      expect(headers.has("access-control-allow-credentials")).toBe(isListed && credentials);
    }),
  );
});
