import { describe, expect, test } from "vitest";
import {
  answerFinal,
  isFinal,
  nextMaxForwards,
} from "../../../../src/gateway/resolve/max-forwards.ts";

describe("Max-Forwards (RFC 9110 §7.6.2)", () => {
  test.each([
    ["OPTIONS", "0", true],
    ["OPTIONS", " 0 ", true],
    ["OPTIONS", "1", false],
    ["OPTIONS", "", false],
    ["OPTIONS", undefined, false],
    ["GET", "0", false],
    ["POST", "0", false],
  ])("%s with %j ends here: %j", (method, value, is) => {
    const headers = new Headers(value === undefined ? {} : { "max-forwards": value });
    expect(isFinal(new Request("http://h/", { method, headers }))).toBe(is);
  });

  test("the last recipient says what it takes, and nothing else", async () => {
    const answer = answerFinal(new Request("http://h/", { method: "OPTIONS" }));
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toMatch(/^GET, HEAD, .*OPTIONS$/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.text()).toBe("");
  });

  test.each([
    ["OPTIONS", "10", "9"],
    ["OPTIONS", "0", "0"],
    ["OPTIONS", null, undefined],
    ["OPTIONS", "1e3", undefined],
    ["OPTIONS", "9999999999", undefined],
    ["GET", "10", undefined],
  ])("%s with %j goes on with %j", (method, value, next) => {
    expect(nextMaxForwards(method, value)).toBe(next);
  });
});
