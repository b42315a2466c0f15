import { describe, expect, test } from "vitest";

import { problem } from "../../../../src/gateway/respond/problem.ts";
import { PROBLEMS, type ProblemCode } from "../../../../src/lib/gateway-problems.ts";

const ask = (accept?: string, method = "GET") =>
  new Request("http://h/secret?token=1", { method, ...(accept && { headers: { accept } }) });

const BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
const HTML = "text/html; charset=utf-8";
const SECURITY = "default-src 'none'; style-src 'unsafe-inline'";

describe("the error catalogue", () => {
  test.each([
    ["request-invalid", 400],
    ["tenant-required", 400],
    ["route-not-found", 404],
    ["path-not-mapped", 404],
    ["policy-invalid", 503],
    ["config-unavailable", 503],
    ["origin-unreachable", 502],
    ["origin-timeout", 504],
    ["loop-detected", 508],
    ["internal-error", 500],
  ] as const)("%s is a %i", async (code, status) => {
    for (const accept of [undefined, BROWSER]) {
      const answer = problem(code, ask(accept));
      expect(answer.status).toBe(status);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("retry-after")).toBe(status === 503 ? "5" : null);
    }
    const answer = problem(code, ask());
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const { title } = PROBLEMS[code];
    expect(await answer.json()).toEqual({ type: "about:blank", title, status, code });
  });

  test("every code is in the table above", () => {
    expect(Object.keys(PROBLEMS)).toHaveLength(10);
  });

  test.each([
    [BROWSER, HTML],
    ["text/html", HTML],
    ["Text/HTML;q=0.9, text/plain", HTML],
    ["text/plain, text/html", "text/plain; charset=utf-8"],
    ["text/plain", "text/plain; charset=utf-8"],
    ["TEXT/*", "text/plain; charset=utf-8"],
    ["application/json, text/html, */*", "application/problem+json"],
    ["application/problem+json", "application/problem+json"],
    ["*/*", "application/problem+json"],
    ["", "application/problem+json"],
  ])("Accept: %s gets %s", async (accept, type) => {
    const answer = problem("route-not-found", ask(accept));
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("content-security-policy")).toBe(type === HTML ? SECURITY : null);
    expect(answer.headers.get("vary")).toBe("accept");
    expect(await answer.text()).toContain("route-not-found");
  });

  test.each(Object.keys(PROBLEMS) as ProblemCode[])(
    "%s repeats nothing of the request",
    async (code) => {
      const text = await problem(code, ask("text/plain")).text();
      expect(text).toBe(`${PROBLEMS[code].title} (${code})\n`);
      expect(await problem(code, ask(BROWSER)).text()).not.toMatch(/secret|token/);
    },
  );

  test.each([undefined, BROWSER, "text/plain"])("HEAD gets no body, Accept: %s", async (accept) => {
    const [head, get] = [ask(accept, "HEAD"), ask(accept)].map((request) =>
      problem("route-not-found", request, {}, "id"),
    );
    expect(await head?.text()).toBe("");
    expect([...(head?.headers ?? [])]).toEqual([...(get?.headers ?? [])]);
  });
});
