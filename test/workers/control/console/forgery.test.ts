import { beforeAll, describe, expect, it } from "vitest";

import { ACCESS, ASSERTED, OWN_PAGE, TOKENS, sessionFor, visit } from "./visit.ts";

let cookie = "";
beforeAll(async () => {
  cookie = await sessionFor(TOKENS.ann);
});

const EDIT = { "if-none-match": "*" };

/** Requests as browsers send them for pages of ours, and for pages of others. */
const LED: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  [
    "a sibling host, which is same-site and sends the cookie",
    { "sec-fetch-site": "same-site", origin: "https://shop.example.com" },
  ],
  ["a sibling host that hides its origin", { "sec-fetch-site": "same-site", origin: "null" }],
  ["a sibling host, with our field", { ...OWN_PAGE, "sec-fetch-site": "same-site" }],
  ["a link or an address bar", { "sec-fetch-site": "none" }],
  ["our own origin, without our field", { "sec-fetch-site": "same-origin" }],
  [
    "a host below ours, as if it were ours",
    { ...OWN_PAGE, origin: "http://evil.control.example.com" },
  ],
];

const status = async (method: string, path: string, by: "session" | "access", headers: object) =>
  (
    await visit(method, path, {
      headers: { ...(by === "session" ? { cookie } : ASSERTED), ...headers },
      ...(by === "access" ? { access: ACCESS } : {}),
      ...(method === "PUT" ? { body: { policy: "https://a.example.com" } } : {}),
    })
  ).status;

describe.each(["session", "access"] as const)("a browser that is known by %s", (by) => {
  it.each(LED)("changes nothing for %s", async (_, headers) => {
    const key = `led-by-${by}`;
    expect(await status("PUT", `/v1/routes/${key}`, by, { ...EDIT, ...headers })).toBe(403);
    expect(await status("GET", `/v1/routes/${key}`, by, {})).toBe(404);
  });

  it("changes what a page of ours asks for", async () => {
    const key = `own-by-${by}`;
    expect(await status("PUT", `/v1/routes/${key}`, by, { ...EDIT, ...OWN_PAGE })).toBe(201);
    expect(await status("GET", `/v1/routes/${key}`, by, {})).toBe(200);
  });

  it.each([
    ["same-origin", 200],
    ["none", 200],
    ["same-site", 403],
    ["cross-site", 403],
  ])("reads for %s: %i", async (site, answer) => {
    expect(await status("GET", "/v1/me", by, { "sec-fetch-site": site })).toBe(answer);
    expect(await status("GET", "/metrics", by, { "sec-fetch-site": site })).toBe(answer);
  });
});

describe("a program", () => {
  it("that says nothing of pages changes things through Cloudflare Access, and not by a cookie", async () => {
    expect(await status("PUT", "/v1/routes/programs", "access", EDIT)).toBe(201);
    expect(await status("PUT", "/v1/routes/programs-2", "session", EDIT)).toBe(403);
  });

  it("with a bearer token needs no field of ours", async () => {
    const response = await visit("PUT", "/v1/routes/by-token", {
      headers: { authorization: `Bearer ${TOKENS.ann}`, ...EDIT },
      body: { policy: "https://a.example.com" },
    });
    expect(response.status).toBe(201);
  });
});

describe("a browser that cannot show that a page of ours asks", () => {
  const refusal = async (headers: Readonly<Record<string, string>>) => {
    const answers = [
      await visit("POST", "/session", { headers, body: { token: TOKENS.ann } }),
      await visit("PUT", "/v1/routes/old", {
        headers: { ...headers, ...EDIT, cookie },
        body: { policy: "https://a.example.com" },
      }),
    ];
    return Promise.all(answers.map(async (one) => one.json<object>()));
  };
  const saying = (words: string) => {
    const detail = expect.stringContaining(words) as string;
    const one = expect.objectContaining({ code: "cross-site", detail }) as object;
    return [one, one];
  };

  it("is told that it is too old, or at an address that is neither HTTPS nor loopback", async () => {
    const old = { origin: "https://control.example.com", "x-switchyard-console": "1" };
    expect(await refusal(old)).toEqual(saying("Safari since 16.4"));
  });

  it("is told of the field that is missing", async () => {
    expect(await refusal({ "sec-fetch-site": "same-origin" })).toEqual(
      saying("send the field x-switchyard-console"),
    );
  });
});

describe("signing in and out", () => {
  it.each(LED)("is not done for %s", async (_, headers) => {
    for (const [method, body] of [
      ["POST", { token: TOKENS.ann }],
      ["DELETE", undefined],
    ] as const) {
      const response = await visit(method, "/session", { headers, body });
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(await response.json()).toMatchObject({ status: 403, code: "cross-site" });
    }
  });
});
