import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { folder, sy } from "../shell.ts";
import { STATUS } from "./example.ts";

/** What the control plane answers, as docs/control-api.md has it: its hub cannot be made to stay silent from outside. */
let answers: { readonly status: number; readonly body: unknown };
let work: Awaited<ReturnType<typeof folder>>;

const server = createServer((_request, response) => {
  const type = answers.status === 200 ? "application/json" : "application/problem+json";
  response.writeHead(answers.status, { "content-type": type });
  response.end(JSON.stringify(answers.body));
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  work = await folder();
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await work.remove();
});
beforeEach(() => {
  const problem = { type: "about:blank", status: 503, code: "hub-unavailable" };
  const title = "The hub does not answer just now";
  answers = { status: 503, body: { ...problem, title, requestId: "x", issues: [] } };
});

const type = async (...argv: string[]) => {
  const { port } = server.address() as AddressInfo;
  return sy({ cwd: work.cwd, env: { SY_URL: `http://127.0.0.1:${port}` } }, ...argv);
};

const FIX =
  "visitors are served as ever; try again in a moment, and if it stays so, see the control plane's log";

describe("where the hub does not answer", () => {
  test("each command says so in one sentence, and what to do", async () => {
    const commands = [
      ["status"],
      ["status", "ab.localhost"],
      ["results", "ab.localhost"],
      ["watch", "ab.localhost"],
      ["exposures", "ab.localhost"],
      ["exposures", "ab.localhost", "--csv"],
      ["exposures", "ab.localhost", "--forget", "0123456789abcdef"],
    ];
    // Together: each tries again for three seconds.
    const outcomes = await Promise.all(commands.map(async (argv) => type(...argv)));
    const err = `sy: The hub does not answer just now; ${FIX}\n`;
    expect(outcomes).toEqual(commands.map(() => ({ code: 1, out: "", err })));
  });

  test("a part of it that does not is named, and the rest is shown", async () => {
    const page = { at: "2026-12-01T12:00:20.000Z", routes: [STATUS], next: null };
    answers = { status: 200, body: { ...page, unreachable: [3, 7] } };
    const all = await type("status");
    expect(all.code).toBe(0);
    expect(all.out).toMatch(/^route .*\nab\.localhost .*\n$/);
    expect(all.err).toBe("2 of the hub's shards do not answer: their routes are missing here\n");
    expect(await type("status", "other.localhost")).toEqual({
      code: 1,
      out: "",
      err: `sy: The part of the hub that keeps this route does not answer; ${FIX}\n`,
    });
    answers = { status: 200, body: { ...page, unreachable: [] } };
    expect((await type("status", "other.localhost")).err).toBe(
      "sy: There is no such route; see sy list for the routes there are\n",
    );
  });
});

test.each([
  [["exposures", "a.b", "--csv", "--forget", "x"], "--forget writes no sample; leave out --csv"],
  [["results"], "Missing required positional argument: KEY; see the command"],
  [["status", "no key"], '"no key" is not a route key; a key is a host'],
])("%j is wrong usage", async (argv, message) => {
  const { code, out, err } = await type(...argv);
  expect([code, out]).toEqual([64, ""]);
  expect(err).toContain(`sy: ${message}`);
});

test("the sample is written in one form", async () => {
  const { code, err } = await type("exposures", "a.b", "--csv", "--json");
  expect([code, err]).toEqual([64, expect.stringContaining("--csv and --json are two forms")]);
});
