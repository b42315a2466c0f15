import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startControl, type TestControl } from "../../support/gateway.ts";
import { folder, sy } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  control = await startApi();
  work = await folder({ "shop.json": { origin: "https://shop.example.com" } });
});
afterAll(async () => {
  await control.close();
  await work.remove();
});

const env = () => ({ SY_URL: control.url, SY_TOKEN: TOKENS.write });

describe("what goes wrong", () => {
  test.each([
    [
      { SY_TOKEN: "" },
      /^sy: Prove who you are; check the token: sy login, or SY_TOKEN beside SY_URL\n$/,
    ],
    [
      { SY_TOKEN: "wrong" },
      /^sy: Prove who you are; check the token: sy login, or SY_TOKEN beside SY_URL\n$/,
    ],
    [
      { SY_URL: "http://127.0.0.1:9" },
      /^sy: nothing answers at http:\/\/127\.0\.0\.1:9: .*; start one with npm start/,
    ],
    [
      { SY_URL: "gateway" },
      /^sy: "gateway" is not a URL of a gateway; write for example http:\/\/127\.0\.0\.1:8788\n$/,
    ],
    [
      { SY_URL: "http://gateway.example.com" },
      /would get the token in the clear; use https:\/\/\n$/,
    ],
    [
      { SY_URL: "https://gateway.example.com", SY_TOKEN: "" },
      /^sy: there is no token for https:\/\/gateway\.example\.com; set SY_TOKEN/,
    ],
  ])("with %j it is one line that says what to do", async (changed, line) => {
    const { code, out, err } = await sy({ cwd: work.cwd, env: { ...env(), ...changed } }, "list");
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(line);
    expect(err).not.toContain(TOKENS.write);
  });

  test("a reader may look and not touch", async () => {
    expect(await sy({ cwd: work.cwd, env: env() }, "apply", "shop.json")).toMatchObject({
      code: 0,
    });
    const reader = { cwd: work.cwd, env: { ...env(), SY_TOKEN: TOKENS.read } };
    expect((await sy(reader, "get", "shop")).code).toBe(0);
    expect(await sy(reader, "promote", "shop")).toMatchObject({
      code: 1,
      err: "sy: This is not yours to do; ask for a token whose role and scope allow it\n",
    });
    const asJson = await sy(reader, "promote", "shop", "--json");
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: "forbidden" } });
  });

  test("a control plane whose API is off says nothing of it, and sy says what may be the matter", async () => {
    const off = await startControl({ policies: {}, admin: {} });
    const { code, err } = await sy({ cwd: work.cwd, env: { SY_URL: off.url } }, "list");
    expect(code).toBe(1);
    expect(err).toContain("without one its API is off");
    await off.close();
  });
});
