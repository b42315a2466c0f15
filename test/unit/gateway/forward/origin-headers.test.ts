import { describe, expect, test } from "vitest";
import {
  dropHopByHop,
  MAX_CONNECTION_NAMES,
} from "../../../../src/gateway/forward/dropped-fields.ts";
import { isLoop } from "../../../../src/gateway/forward/forwarded-fields.ts";
import { applyEdits } from "../../../../src/gateway/forward/header-edits.ts";
import {
  cookiesThatStay,
  originHeaders,
  type ForwardingInfo,
} from "../../../../src/gateway/forward/origin-headers.ts";

const FORWARDING_INFO: ForwardingInfo = {
  route: "shop.example.com",
  variant: "green",
  decided: undefined,
  experiment: undefined,
  reason: "split",
  counted: true,
  digest: undefined,
  ip: "203.0.113.7",
  host: "shop.example.com",
  scheme: "https",
  prefix: "",
  viaName: "switchyard",
  trustForwarded: false,
  cookieNames: cookiesThatStay({ cookieNames: ["sy"] }),
  destination: undefined,
  secretOf: () => undefined,
};

const TO = {
  origin: { origin: "https://o.example", host: "o.example", base: "" },
  edits: { request: [], response: [] },
  rewrite: undefined,
};

/** Fields of the contract, and of their kin, that no client may say. */
const CLAIMS = `
true-client-ip client-ip fastly-client-ip x-client-ip x-cluster-client-ip fly-client-ip
wl-proxy-client-ip x-originating-ip x-remote-addr remote-addr forwarded-for x-forwarded
x-original-forwarded-for x-envoy-external-address x-original-url x-original-uri x-original-host
x-original-method x-rewrite-url x-host x-http-host-override x-request-uri x-script-name
x-envoy-original-path x-scheme x-url-scheme front-end-https x-sendfile-type x-accel-mapping
x-http-method-override x-http-method x-method-override x-remote-user cf-access-jwt-assertion
cf-access-authenticated-user-email cf-access-client-id x-auth-request-email x-webauth-user
remote-user x-ssl-client-verify client-cert x-amzn-oidc-identity x-goog-iap-jwt-assertion
x-ms-client-principal x-switchyard-anything x-switchyard-visitor x-switchyard-decided
true-ip x-user-ip x-source-ip x-peer-ip cf-connecting-ipv6 cf-pseudo-ipv4 x-cf-connecting-ip
do-connecting-ip x-azure-clientip x-proxyuser-ip x-forward-for forwarded-proto x-override-url
x-proxy-url x-http-destinationurl x-proto x-arr-ssl x-method remote-email remote-groups x-ssl-cert
x-tls-client-cert client-certificate wl-proxy-client-cert cf-client-cert-sha256 cf-cert-verified
x-authentik-username x-pomerium-jwt-assertion tailscale-user-login x-endpoint-api-userinfo
`
  .trim()
  .split(/\s+/);

/** What an origin gets of a request with these fields, as an object. */
function sent(
  fields: Record<string, string>,
  told: Partial<ForwardingInfo> = {},
  method = "GET",
): Record<string, string> {
  const request = new Request("https://shop.example.com/x", { method, headers: fields });
  return Object.fromEntries(originHeaders(request, { ...FORWARDING_INFO, ...told }, TO));
}

const ADDED = {
  via: "1.1 switchyard",
  "x-forwarded-host": "shop.example.com",
  "x-forwarded-proto": "https",
  "x-switchyard-route": "shop.example.com",
  "x-switchyard-variant": "green",
  "x-switchyard-reason": "split",
  "x-switchyard-counted": "1",
  "x-real-ip": "203.0.113.7",
  "x-switchyard-client-ip": "203.0.113.7",
};

describe("what the gateway says of its decision", () => {
  test("no client can say", () => {
    const forged = Object.fromEntries(
      ["experiment", "decided", "visitor", "reason", "counted", "anything"].flatMap((name) => [
        [`x-switchyard-${name}`, "forged"],
        [`x_switchyard_${name}`, "forged"],
      ]),
    );
    expect(sent(forged)).toEqual(ADDED);
  });
});

describe("a QA token", () => {
  test("never reaches an origin in the Referer of the next page", () => {
    const referer = "https://shop.example.com/x?a=1&sy=sy1.p.s";
    expect(sent({ referer })["referer"]).toBe("https://shop.example.com/x?a=1");
    expect(sent({ referer: "https://other.example/?sy=1" })["referer"]).toBe(
      "https://other.example/?sy=1",
    );
  });
});

describe("fields of one connection (RFC 9110 §7.6.1)", () => {
  test.each([
    ["the fixed ones", { te: "trailers", "keep-alive": "timeout=5", "proxy-connection": "x" }],
    [
      "credentials for a proxy",
      { "proxy-authorization": "Basic x", "proxy-authenticate": "Basic" },
    ],
    ["framing", { "transfer-encoding": "chunked", trailer: "x-sum", upgrade: "h2c" }],
    ["named by Connection", { connection: "close, X-Secret", "x-secret": "1" }],
    ["named in odd ways", { connection: " ,X-A ,, x-b", "x-a": "1", "x-b": "2" }],
    ["what the server has answered itself", { host: "evil.example", expect: "100-continue" }],
  ])("%s stay here", (_, fields) => {
    expect(sent(fields)).toEqual(ADDED);
  });

  test.each([
    ["a name that is none", { connection: "a b, \u00e9, (c)", "x-kept": "1" }],
    ["our own fields", { connection: "via, x-forwarded-host, x-switchyard-route", "x-kept": "1" }],
  ])("Connection cannot take away by naming %s", (_, fields) => {
    expect(sent(fields)).toEqual({ ...ADDED, "x-kept": "1" });
  });

  test("an upgrade to a WebSocket is passed on, in any case", () => {
    expect(sent({ connection: "Upgrade", upgrade: "WebSocket" })["upgrade"]).toBe("websocket");
  });

  test("but of no other method than GET", () => {
    expect(sent({ upgrade: "websocket" }, {}, "POST")).not.toHaveProperty("upgrade");
  });

  test("so many names of one Connection are looked at, and no more", () => {
    const names = Array.from({ length: MAX_CONNECTION_NAMES + 1 }, (_, index) => `x-${index}`);
    const fields = Object.fromEntries(names.map((name) => [name, "1"]));
    expect(sent({ ...fields, connection: names.join() })).toEqual({
      ...ADDED,
      [`x-${MAX_CONNECTION_NAMES}`]: "1",
    });
  });

  test("responses lose the same", () => {
    const headers = new Headers({
      connection: "x-hop",
      "x-hop": "1",
      "keep-alive": "5",
      etag: '"a"',
    });
    dropHopByHop(headers);
    expect(Object.fromEntries(headers)).toEqual({ etag: '"a"' });
  });
});

describe("X-Forwarded-*, Forwarded, Via", () => {
  const forged = {
    "x-forwarded-for": "6.6.6.6",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "x-forwarded-prefix": "/evil",
    "x-forwarded-port": "1",
    "x-forwarded-uri": "/evil",
    "x-real-ip": "6.6.6.6",
    "x-original-url": "/admin",
    proxy: "http://evil.example",
    "x-rewrite-url": "/admin",
    "x-switchyard-route": "other",
    "x-switchyard-variant": "other",
    "x-switchyard-mirror": "true",
    "x-switchyard-force": "blue",
    x_forwarded_for: "6.6.6.6",
    "x-switchyard_variant": "other",
    x_real_ip: "6.6.6.6",
  };

  test.each(CLAIMS)("%s never arrives, in whatever spelling, trusted proxy or not", (name) => {
    for (const spelling of [name, name.replaceAll("-", "_"), name.replaceAll("-", ".")]) {
      expect(sent({ [spelling]: "forged" })).toEqual(ADDED);
      expect(sent({ [spelling]: "forged" }, { trustForwarded: true })).toEqual(ADDED);
    }
  });

  test.each(
    "x-client-version x-real-estate x-user-id x-request-id authorization x-auth-token x-authentication-token x-membership x-recipient x-origin x-hostname x-proxy-secret x-override-theme x-credentials".split(
      " ",
    ),
  )("%s claims nothing, and passes", (name) => {
    expect(sent({ [name]: "1" })).toEqual({ ...ADDED, [name]: "1" });
  });

  test("a visitor whose address nobody knows has none", () => {
    const got = sent(forged, { ip: undefined });
    expect(got).not.toHaveProperty("x-real-ip");
    expect(got).not.toHaveProperty("x-switchyard-client-ip");
  });

  test("nothing that a client forges arrives", () => {
    expect(sent(forged)).toEqual(ADDED);
  });

  test("the client's address is the platform's word", () => {
    const got = sent({ ...forged, "cf-connecting-ip": "203.0.113.7" });
    expect(got["x-forwarded-for"]).toBe("203.0.113.7");
  });

  test("a name of the client's own with an underscore stays", () => {
    expect(sent({ x_trace: "1" })).toEqual({ ...ADDED, x_trace: "1" });
  });

  test("a trusted proxy's chain is extended, and its prefix stands before ours", () => {
    const got = sent(
      { ...forged, "cf-connecting-ip": "198.51.100.1" },
      { trustForwarded: true, prefix: "/storefrontA", host: "outer.example", scheme: "http" },
    );
    expect(got).toMatchObject({
      "x-forwarded-for": "6.6.6.6, 198.51.100.1",
      "x-forwarded-host": "outer.example",
      "x-forwarded-proto": "http",
      "x-forwarded-prefix": "/evil/storefrontA",
      "x-forwarded-port": "1",
    });
    expect(got["x-real-ip"]).toBe("203.0.113.7");
    expect(got).not.toHaveProperty("x_forwarded_for");
  });

  test.each([
    ["an IPv4 client", { ip: "203.0.113.7" }, "for=203.0.113.7;"],
    ["an IPv6 client, quoted as RFC 7239 §6 says", { ip: "2001:db8::1" }, 'for="[2001:db8::1]";'],
    ["an unknown client", { ip: undefined }, ""],
  ])("Forwarded is replaced: %s", (_, told, start) => {
    const own = `${start}host="shop.example.com";proto=https`;
    const forwarded = "for=6.6.6.6;host=evil";
    expect(sent({ forwarded }, told)["forwarded"]).toBe(own);
    const trusted = sent({ forwarded }, { ...told, trustForwarded: true })["forwarded"];
    expect(trusted).toBe(`${forwarded}, ${own}`);
  });

  test("no Forwarded is made where the client sent none", () => {
    expect(sent({})).not.toHaveProperty("forwarded");
  });

  test("Via is extended", () => {
    expect(sent({ via: "1.0 fred, HTTP/1.1 edge" })["via"]).toBe(
      "1.0 fred, HTTP/1.1 edge, 1.1 switchyard",
    );
  });

  test.each([
    ["1.1 switchyard", true],
    ["1.0 fred, 1.1  Switchyard (comment)", true],
    ["HTTP/1.1 switchyard", true],
    ["1.1 switchyard2", false],
    ["switchyard", false],
    ["", false],
    [null, false],
  ])("Via %j names this gateway: %j", (via, is) => {
    expect(isLoop(via, "switchyard")).toBe(is);
  });

  test.each([
    ["OPTIONS", "3", "2"],
    ["OPTIONS", " 1 ", "0"],
    ["OPTIONS", "x", "x"],
    ["OPTIONS", "-1", "-1"],
    ["GET", "3", "3"],
  ])("Max-Forwards of %s: %s becomes %s", (method, value, then) => {
    expect(sent({ "max-forwards": value }, {}, method)["max-forwards"]).toBe(then);
  });
});

describe("what a policy and a visitor add", () => {
  test("our cookies stay here, the others go on as they came", () => {
    expect(sent({ cookie: "a=1; sy=x; b=%20;  c" })["cookie"]).toBe("a=1; b=%20;  c");
    expect(sent({ cookie: "sy=x; sy-override=y" })).not.toHaveProperty("cookie");
  });

  test("cookies of Cloudflare Access stay here", () => {
    const cookie = "a=1; CF_Authorization=x.y.z; CF_AppSession=s; cf_authorization=theirs";
    expect(sent({ cookie })["cookie"]).toBe("a=1; cf_authorization=theirs");
  });

  test("edits come last, in their order", () => {
    const headers = new Headers({ a: "1", b: "2" });
    applyEdits(
      headers,
      [
        { kind: "remove", name: "a", value: "" },
        { kind: "set", name: "b", value: "3" },
        { kind: "add", name: "b", value: "4" },
      ],
      () => undefined,
    );
    expect(Object.fromEntries(headers)).toEqual({ b: "3, 4" });
  });
});
