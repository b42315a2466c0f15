import { describe, expect, it } from "vitest";
import {
  MAX_BODY_BYTES,
  MAX_ENTRIES_PER_PAGE,
  MAX_LINK_SECONDS,
  MAX_LISTS_PER_PAGE,
  MAX_NOTE_CHARS,
  MAX_POLICY_BYTES,
  MAX_ROUTES_PER_PAGE,
  MAX_SEARCH_CHARS,
} from "../../../src/api/limits.ts";
import { MAX_DESCRIPTION_CHARS } from "../../../src/decide/request-description.ts";
import { MAX_POINTER_CHARS } from "../../../src/policy/actions/node.ts";
import { A, api, canary, create } from "./api.ts";

const put = async (body: string, type = "application/json") => {
  const headers = { "if-none-match": "*", "content-type": type };
  return (await api("PUT", "/routes/body", { headers, body })).body["code"];
};

describe("a body", () => {
  it("must be JSON of the right form and type", async () => {
    expect(await put("{")).toBe("body-invalid");
    expect(await put("[]")).toBe("body-invalid");
    expect(await put(`{"policy": "${A}", "polcy": 1}`)).toBe("body-invalid");
    expect(await put(`{"policy": "${A}"}`, "text/plain")).toBe("unsupported-media-type");
    expect(await put(`{"policy": ${"[".repeat(100_000)}`)).toBe("body-invalid");
    expect(await put('{"policy": {"__proto__": {}}}')).toBe("policy-refused");
  });

  it("has a note of limited length", async () => {
    const body = (chars: number) => JSON.stringify({ policy: "nothing", note: "n".repeat(chars) });
    expect(await put(body(MAX_NOTE_CHARS))).toBe("policy-refused");
    expect(await put(body(MAX_NOTE_CHARS + 1))).toBe("body-invalid");
  });

  it("has a size that ends somewhere", async () => {
    expect(await put(" ".repeat(MAX_BODY_BYTES))).toBe("body-invalid");
    expect(await put(" ".repeat(MAX_BODY_BYTES + 1))).toBe("body-too-large");
  });

  it("holds a policy whose text has a size that ends a little before", async () => {
    const paths: Record<string, string> = {};
    for (let n = 0; n < 500; n += 1) paths[`/${"p".repeat(2000)}${n}`] = A;
    const policy = (value: string) => ({
      strategy: "path-map",
      paths,
      consent: { cookie: "c", value },
    });
    const spare = MAX_POLICY_BYTES - JSON.stringify(policy(""), null, 2).length;
    const text = (more: number) => JSON.stringify({ policy: policy("x".repeat(spare + more)) });
    expect(await put(text(1))).toBe("body-too-large");
    expect(await put(text(0))).toBeUndefined();
  });
});

describe("a description", () => {
  it("of a request, and a pointer into a policy, have a length that ends somewhere", async () => {
    await create("described", canary(5));
    const explain = async (length: number) => {
      const request = {
        url: "https://x.example.com/described",
        headers: { "x-a": "a".repeat(length) },
      };
      return (await api("POST", "/routes/described/explain", { body: { request } })).status;
    };
    expect([
      await explain(MAX_DESCRIPTION_CHARS),
      await explain(MAX_DESCRIPTION_CHARS + 1),
    ]).toEqual([200, 400]);
    const act = async (length: number) => {
      const body = { node: `/${"a".repeat(length - 1)}` };
      const headers = { "if-match": "*" };
      return (await api("POST", "/routes/described/actions/abort", { headers, body })).status;
    };
    expect([await act(MAX_POINTER_CHARS), await act(MAX_POINTER_CHARS + 1)]).toEqual([409, 400]);
  });
});

describe("a query", () => {
  const code = async (path: string) => (await api("GET", path)).body["code"];

  it("stays within its limits", async () => {
    await create("limits", A);
    expect(await code(`/routes?limit=${MAX_ROUTES_PER_PAGE}`)).toBeUndefined();
    expect(await code(`/routes?limit=${MAX_ROUTES_PER_PAGE + 1}`)).toBe("query-invalid");
    expect(await code("/routes?limit=0")).toBe("query-invalid");
    expect(await code(`/routes?q=${"q".repeat(MAX_SEARCH_CHARS)}`)).toBeUndefined();
    expect(await code(`/routes?prefix=${"q".repeat(MAX_SEARCH_CHARS + 1)}`)).toBe("query-invalid");
    expect(await code(`/routes/limits/versions?limit=${MAX_ENTRIES_PER_PAGE}`)).toBeUndefined();
    expect(await code(`/routes/limits/audit?limit=${MAX_ENTRIES_PER_PAGE + 1}`)).toBe(
      "query-invalid",
    );
    expect(await code("/routes/limits/versions?cursor=x")).toBe("query-invalid");
  });

  it("searches so many lists of KV for one page, and says where to go on", async () => {
    for (let n = 0; n <= MAX_LISTS_PER_PAGE; n += 1) await create(`search-${n}`, A);
    const found = async (limit: number) =>
      (await api("GET", `/routes?prefix=search-&q=nothing&limit=${limit}`)).body;
    expect(await found(2)).toMatchObject({ routes: [], cursor: null });
    expect(await found(1)).toMatchObject({
      routes: [],
      cursor: expect.any(String) as string,
    });
  });

  it("asks for links that do not last for ever", async () => {
    await create("lasting", canary(5));
    const link = async (ttlSeconds: number) =>
      (await api("POST", "/routes/lasting/links", { body: { variant: "canary", ttlSeconds } }))
        .status;
    expect(await link(MAX_LINK_SECONDS)).toBe(201);
    expect(await link(MAX_LINK_SECONDS + 1)).toBe(400);
  });
});
