import { expect, test } from "vitest";

import {
  bindingsFrom,
  DEMO_VISITOR_KEY,
  environmentProblem,
} from "../../../src/demo/environment.ts";
import { HELP } from "../../../src/demo/options.ts";

const KEY = "000102030405060708090a0b0c0d0e0f";

test("the demo has a key of its own, and each Worker gets what it reads of the environment", () => {
  const own = { type: "secret_text", value: DEMO_VISITOR_KEY };
  const SESSION_KEY = {
    type: "secret_text",
    value: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  };
  expect(bindingsFrom({ PATH: "/bin" })).toEqual({
    gateway: { VISITOR_KEY: own },
    control: { VISITOR_KEY: own, SESSION_KEY },
  });
  expect(bindingsFrom({ VISITOR_KEY: "" }).gateway).toEqual({ VISITOR_KEY: own });
  const given = { type: "secret_text", value: KEY };
  expect(bindingsFrom({ VISITOR_KEY: KEY, REPORT_INTERVAL_SECONDS: "1", WEBHOOKS: "{}" })).toEqual({
    gateway: { VISITOR_KEY: given, REPORT_INTERVAL_SECONDS: { type: "plain_text", value: "1" } },
    control: { VISITOR_KEY: given, SESSION_KEY, WEBHOOKS: { type: "secret_text", value: "{}" } },
  });
});

test("no two starts sign sessions with one key", () => {
  const [one, other] = [bindingsFrom({}), bindingsFrom({})];
  expect(one.control["SESSION_KEY"]?.value).not.toBe(other.control["SESSION_KEY"]?.value);
});

test("a wrong key is told before anything starts, without the key", () => {
  expect([environmentProblem({}), environmentProblem({ VISITOR_KEY: KEY })]).toEqual([
    undefined,
    undefined,
  ]);
  const problem = environmentProblem({ VISITOR_KEY: `${KEY}0` });
  expect(problem).toMatch(/^VISITOR_KEY must be 32 hexadecimal digits/);
  expect(problem).not.toContain(KEY);
});

test("the help names what is passed on, and says that the key is public", () => {
  for (const name of ["VISITOR_KEY", "REPORT_INTERVAL_SECONDS", "WEBHOOKS", "public"])
    expect(HELP).toContain(name);
});
