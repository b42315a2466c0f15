import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";

import { isbot } from "isbot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { Finding } from "../../../src/cli/doctor/finding.ts";
import { askPage } from "../../../src/cli/doctor/network.ts";
import type { TestFleet } from "../../support/gateway.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { folder, sy as typed } from "../../unit/cli/shell.ts";
import { startWithApi, TOKENS } from "./gateway.ts";

let fleet: TestFleet;
let origin: Origin;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  origin = await startOrigin("shop");
  fleet = await startWithApi();
});
afterAll(async () => {
  await fleet.close();
  await origin.close();
});
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});

const single = () => ({ strategy: "single", origin: origin.url });

const sy = async (...argv: string[]) =>
  typed(
    { cwd: work.cwd, env: { SY_URL: fleet.control.url, SY_TOKEN: TOKENS.write }, now: Date.now },
    ...argv,
  );

async function doctor(...argv: string[]) {
  const page = `${fleet.url}/tenant/`;
  const { code, out } = await sy("doctor", "--json", "--gateway", page, ...argv);
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Finding[] };
  const wrong = findings.filter(({ level }) => level === "wrong");
  return { code, ok, findings, wrong: wrong.map(({ part, what }) => `${part}: ${what}`) };
}

describe("sy doctor", () => {
  test("finds all well, as a crawler that counts for nobody, and finds what was put to KV by hand", async () => {
    await writeFile(`${work.cwd}/tenant.json`, JSON.stringify(single()));
    expect(await sy("apply", "tenant.json")).toMatchObject({ code: 0 });
    origin.forget();
    const well = await doctor();
    expect(well).toMatchObject({ code: 0, ok: true, wrong: [] });
    expect(well.findings.find(({ part }) => part === "gateway")?.what).toMatch(
      /tenant\/ answers 200, with a policy out of (?:kv|hub|memory)$/,
    );
    expect(origin.requests.map(({ headers }) => isbot(headers["user-agent"]?.[0]))).toEqual([true]);

    await fleet.put("tenant", single());
    await fleet.put("other", single());
    const drifted = await doctor();
    expect(drifted).toMatchObject({ code: 1, ok: false });
    expect(drifted.wrong).toEqual([
      "routes: KV has a value that was put there by hand: other, tenant",
    ]);
    const text = await sy("doctor", "--gateway", `${fleet.url}/tenant/`);
    expect(text.code).toBe(1);
    expect(text.out).toMatch(
      /\nwrong {2}routes {4}KV has a value .*\n {17}see each with sy get KEY; /,
    );
    expect(text.out).toMatch(/\n1 wrong, \d+ to think about\n$/);
  });

  test("looks before a deployment whether this release can read every stored policy", async () => {
    const { code, out } = await sy("doctor", "--release");
    expect(code).toBe(0);
    expect(out).toContain("stored policies are valid under release");
  });

  test("says that the gateway is not there, and what of the command line is wrong", async () => {
    const nowhere = await sy("doctor", "--gateway", "http://127.0.0.1:9/");
    expect(nowhere).toMatchObject({
      code: 1,
      out: expect.stringContaining(
        "http://127.0.0.1:9/ cannot be reached: connect ECONN",
      ) as string,
    });
    for (const page of ["-x", "shop.example.com", "file:///etc/passwd"])
      expect(await sy("doctor", "--gateway", page)).toMatchObject({ code: 64, out: "" });
  });
});

test("a page that hangs is waited for so long and no longer, also in the middle of its answer", async () => {
  let answer = "";
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await expect(askPage(url, { ms: 50 })).rejects.toThrow("no answer within 0.05 s");
  answer = "HTTP/1.1 530 \r\ncontent-length: 9999\r\n\r\nerror code: 1016";
  expect(await askPage(url, { ms: 200 })).toMatchObject({ status: 530, text: "error code: 1016" });
  answer = `HTTP/1.1 200 \r\ncontent-length: 99999\r\n\r\n${"x".repeat(50_000)}`;
  expect((await askPage(url)).text).toHaveLength(4096);
  server.close();
});
