import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBare, type BareGateway } from "./hostile/bare.ts";

const HTML = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const PAGES = {
  "policy-invalid": "<h1>Misconfigured</h1>",
  default: "<h1>Sorry</h1>{{status}} {{code}} {{title}} <i>{{requestId}}</i>",
};

let gateway: BareGateway;
let plain: BareGateway;

beforeAll(async () => {
  const policies = { bad: { colour: "red" } };
  [gateway, plain] = await Promise.all([
    startBare({ policies, vars: { ERROR_PAGES: JSON.stringify(PAGES) } }),
    startBare({ policies }),
  ]);
});

afterAll(async () => {
  await Promise.all([gateway.close(), plain.close()]);
});

describe("an error of the gateway's own", () => {
  test("is the page of its code, or the default, in the runtime", async () => {
    const bad = await fetch(`${gateway.url}/bad/`, { headers: HTML });
    expect([bad.status, bad.headers.get("retry-after"), await bad.text()]).toEqual([
      503,
      "5",
      PAGES["policy-invalid"],
    ]);
    const lost = await fetch(`${gateway.url}/nobody/`, {
      headers: { ...HTML, "cf-ray": "ab-FRA" },
    });
    expect(await lost.text()).toBe(
      "<h1>Sorry</h1>404 route-not-found No route for this request <i>ab-FRA</i>",
    );
    expect(Object.fromEntries(lost.headers)).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "cache-control": "no-store",
      vary: "accept",
      "x-content-type-options": "nosniff",
    });
  });

  test("is that page on the reserved path too, and HEAD gets its headers alone", async () => {
    const reserved = await fetch(`${gateway.url}/.switchyard/x`, { headers: HTML });
    expect(await reserved.text()).toContain("<h1>Sorry</h1>404 route-not-found");
    const head = await fetch(`${gateway.url}/nobody/`, { headers: HTML, method: "HEAD" });
    expect(head.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(await head.text()).toBe("");
  });

  test("is the built-in page without any, and JSON for programs as ever", async () => {
    const page = await fetch(`${plain.url}/nobody/`, { headers: HTML });
    expect(await page.text()).toContain("<h1>404</h1><p>No route for this request");
    const json = await fetch(`${gateway.url}/nobody/`);
    expect(await json.json()).toMatchObject({ code: "route-not-found" });
  });

  test("repeats nothing that a request brings along, however it is written", async () => {
    const evil = "<script>alert(1)</script>";
    const answer = await fetch(`${gateway.url}/nobody/${evil}?${evil}`, {
      headers: { ...HTML, "cf-ray": evil, cookie: `a=${evil}`, referer: `http://h/${evil}` },
    });
    expect(await answer.text()).toMatch(/ <i>[0-9a-f-]{36}<\/i>$/);
  });
});

test("pages that are wrong stop the start, and the message says why", async () => {
  const vars = { ERROR_PAGES: '{"404":"x"}' };
  await expect(startBare({ policies: {}, vars })).rejects.toThrow(
    /ERROR_PAGES must have \\?"default\\?" and codes of problems as its names, not \\?"404/,
  );
});
