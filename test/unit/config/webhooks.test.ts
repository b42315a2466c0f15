import { describe, expect, test } from "vitest";

import type { ControlEnv } from "../../../src/config/control.ts";
import { MAX_INSTALLED_RECEIVERS, readWebhooks } from "../../../src/config/webhooks.ts";

const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const OPS = { url: "https://hooks.example.com/ops?key=1", secret: SECRET };

const read = (webhooks: unknown, vars: Partial<ControlEnv> = {}) =>
  readWebhooks({
    WEBHOOKS: typeof webhooks === "string" ? webhooks : JSON.stringify(webhooks),
    ...vars,
  } as ControlEnv);

const faultsOf = (receiver: unknown, vars: Partial<ControlEnv> = {}) =>
  read({ ops: receiver }, vars).faults;

describe("WEBHOOKS", () => {
  test("names receivers, each with what it wants to hear of", () => {
    const url = "https://chat.example.com/x";
    const chat = { url, format: "slack", events: ["edit"], routes: ["shop-*"] };
    const { receivers, faults } = read({ ops: OPS, chat });
    expect(faults).toEqual([]);
    expect([...receivers.values()]).toEqual([
      { name: "ops", ...OPS, format: "json", events: undefined, routes: [] },
      { name: "chat", secret: undefined, ...chat },
    ]);
  });

  test("may be missing", () => {
    expect(readWebhooks({} as ControlEnv)).toEqual({ receivers: new Map(), faults: [] });
  });

  test.each(["{", "[]", "7", '"ops"', "null"])("of %s names nobody, and says so", (text) => {
    const { receivers, faults } = read(text);
    expect(receivers.size).toBe(0);
    expect(faults).toHaveLength(1);
  });

  test.each<[string, unknown, string]>([
    ["no URL", { secret: SECRET }, "WEBHOOKS.ops.url"],
    ["http", { ...OPS, url: "http://hooks.example.com/" }, "https"],
    ["a private name", { ...OPS, url: "https://metadata.google.internal/" }, "public name"],
    ["an address", { ...OPS, url: "https://169.254.169.254/" }, "public name"],
    ["an address in another spelling", { ...OPS, url: "https://0x7f.1/" }, "public name"],
    ["credentials", { ...OPS, url: "https://a:b@hooks.example.com/" }, "credentials"],
    ["a fragment", { ...OPS, url: "https://hooks.example.com/#x" }, "fragment"],
    ["a URL without end", { ...OPS, url: `https://hooks.example.com/${"x".repeat(2048)}` }, "2048"],
    ["no secret", { url: OPS.url }, "secret is missing"],
    ["a secret that is too short", { ...OPS, secret: "whsec_AAAA" }, "24 to 64"],
    ["a secret that is not base64", { ...OPS, secret: "-".repeat(40) }, "base64"],
    ["another format", { ...OPS, format: "xml" }, "json, slack, teams"],
    ["another event", { ...OPS, events: ["all"] }, "guard-acted"],
    ["a field that is not known", { ...OPS, sceret: 1 }, "WEBHOOKS.ops.sceret"],
    ["a text", "https://hooks.example.com", "must be an object"],
  ])("refuses %s, names the field, and tells neither URL nor secret", (_, receiver, words) => {
    const faults = faultsOf(receiver).join("\n");
    expect(faults).toContain(words);
    expect(faults).not.toContain(SECRET);
    expect(faults).not.toMatch(/hooks\.example|169\.254/);
  });

  test("takes any address where private origins are allowed, and no secret where the URL is one", () => {
    const local = { ALLOW_PRIVATE_ORIGINS: "true" };
    expect(faultsOf({ ...OPS, url: "http://127.0.0.1:9/x" }, local)).toEqual([]);
    expect(faultsOf({ url: "https://chat.example.com/x", format: "teams" })).toEqual([]);
  });

  test("with one that is wrong has the others", () => {
    const { receivers, faults } = read({ bad: {}, "no/name": OPS, ops: OPS });
    expect([...receivers.keys()]).toEqual(["ops"]);
    expect(faults.some((fault) => fault.includes("receiver 2"))).toBe(true);
  });

  test("has so many receivers and no more", () => {
    const many = (count: number) =>
      read(Object.fromEntries(Array.from({ length: count }, (_, n) => [`r${n}`, OPS])));
    expect(many(MAX_INSTALLED_RECEIVERS).faults).toEqual([]);
    const { receivers, faults } = many(MAX_INSTALLED_RECEIVERS + 1);
    expect([receivers.size, faults.length]).toEqual([MAX_INSTALLED_RECEIVERS, 1]);
  });
});
