import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { visit, type Visit, type VisitOptions } from "../support/jar.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { startBare, type BareGateway } from "./hostile/bare.ts";

const TOKEN = "Bearer s3cr3t-of-one";
const OTHER = "s3cr3t-of-another";
const SHOWN = "s3cr3t-for-all-to-see";
/** No answer, no log line and no problem may hold it. */
const SECRETS = /s3cr3t/;

const ONE = "https://one.example.com";
const TWO = "https://two.example.com";

const secret = (name: string) => ({ secret: name });
const sets = (name: string, edits: Readonly<Record<string, unknown>> = {}) => ({
  request: { set: { authorization: secret(name), ...edits } },
});
const knowing = (url: string, name: string) => ({ url, headers: sets(name) });

const POLICIES = {
  one: { origin: ONE, headers: sets("POLICY_ONE") },
  added: { origin: ONE, headers: { request: { add: { "x-key": secret("POLICY_OTHER") } } } },
  missing: { origin: ONE, headers: sets("POLICY_MISSING", { "x-plain": "here" }) },
  "missing-added": {
    origin: ONE,
    headers: { request: { add: { authorization: secret("POLICY_MISSING") } } },
  },
  broken: { origin: ONE, headers: sets("POLICY_BROKEN") },
  mirrored: {
    origin: knowing(ONE, "POLICY_ONE"),
    mirror: [
      { origin: knowing(TWO, "POLICY_OTHER"), percent: 100 },
      { origin: "https://three.example.com", percent: 100 },
    ],
  },
  rescued: {
    strategy: "canary",
    stable: knowing(TWO, "POLICY_OTHER"),
    canary: knowing("https://down.example.com", "POLICY_ONE"),
    percent: 100,
  },
  unreachable: { origin: knowing("https://down.example.com", "POLICY_ONE"), rescue: false },
  answered: {
    origin: ONE,
    headers: {
      response: { set: { "x-shown": secret("POLICY_SHOWN"), etag: secret("POLICY_NO") } },
    },
  },
  ended: {
    strategy: "respond",
    status: 200,
    body: "the end",
    headers: { response: { set: { "x-shown": secret("POLICY_SHOWN") } } },
  },
  ours: { origin: ONE, headers: sets("VISITOR_KEY") },
  invalid: { origin: ONE, headers: sets("POLICY_ONE"), colour: "red" },
};

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("origin", ({ headers }, response, next) => {
    if (headers.host === "down.example.com") response.writeHead(503).end("down");
    else if (headers.host === "one.example.com")
      response.writeHead(200, { etag: '"1"' }).end("one");
    else next();
  });
  gateway = await startBare({
    policies: POLICIES,
    vars: { ALLOW_PRIVATE_ORIGINS: "false" },
    secrets: {
      POLICY_ONE: `${TOKEN}\n`,
      POLICY_OTHER: OTHER,
      POLICY_SHOWN: SHOWN,
      POLICY_BROKEN: "s3cr3t\r\nx-injected: yes",
      VISITOR_KEY: "0123456789abcdef0123456789abcdef",
    },
    outboundPort: origin.port,
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

beforeEach(() => origin.forget());

const OWN = { authorization: "the client's own", "x-key": "the client's own" };

const ask = async (tenant: string, more: VisitOptions = {}) =>
  visit(gateway.url, { headers: OWN, ...more, path: `/${tenant}/x`, host: "shop.example.com" });

/** All that a client sees of an answer. */
const seen = ({ status, rawHeaders, text }: Visit) => [status, ...rawHeaders, text()].join("\n");

/** What the origins were sent in a field, by host. */
const sent = (field: string) =>
  Object.fromEntries(
    origin.requests.map(({ headers }): [string, string[] | undefined] => [
      headers["host"]?.[0] ?? "",
      headers[field],
    ]),
  );

describe("a secret in an origin's request", () => {
  test("takes the place of what the client says there, and a line break round it is nobody's", async () => {
    const answer = await ask("one");
    expect(answer.status).toBe(200);
    expect(sent("authorization")).toEqual({ "one.example.com": [TOKEN] });
    expect(seen(answer)).not.toMatch(SECRETS);
  });

  test("stands beside what the client says where it is added", async () => {
    await ask("added");
    expect(sent("x-key")).toEqual({ "one.example.com": ["the client's own", OTHER] });
  });

  test("that is not there leaves the field out, the client's own with it, and the log says so once", async () => {
    expect((await ask("missing")).status).toBe(200);
    expect((await ask("missing-added")).status).toBe(200);
    expect(sent("authorization")).toEqual({ "one.example.com": undefined });
    expect(origin.requests.map(({ headers }) => headers["x-plain"])).toEqual([["here"], undefined]);
    const lines = () => gateway.log().split("\n");
    const told = () => lines().filter((line) => line.includes("POLICY_MISSING"));
    await expect.poll(told).toHaveLength(1);
    expect(told()[0]).toContain("a policy's secret is not there; its header is left out");
  });

  test("with a line break inside is as good as not there, and adds no field", async () => {
    expect((await ask("broken")).status).toBe(200);
    expect(sent("authorization")).toEqual({ "one.example.com": undefined });
    expect(sent("x-injected")).toEqual({ "one.example.com": undefined });
  });

  test("goes to the origin that it was written for: no copy and no rescuer gets another's", async () => {
    await ask("mirrored");
    await expect.poll(() => origin.requests).toHaveLength(3);
    expect(sent("authorization")).toEqual({
      "one.example.com": [TOKEN],
      "two.example.com": [OTHER],
      "three.example.com": undefined,
    });
    origin.forget();
    expect((await ask("rescued")).header("x-rescued-from")).toBe("canary");
    expect(sent("authorization")).toEqual({
      "down.example.com": [TOKEN],
      "two.example.com": [OTHER],
    });
  });
});

describe("nobody reads one back", () => {
  test.each(["GET", "HEAD", "OPTIONS", "TRACE", "POST"])(
    "from the answer to a %s",
    async (method) => {
      for (const tenant of ["one", "unreachable", "invalid", "ours"]) {
        const answer = await ask(tenant, {
          method,
          headers: { ...OWN, accept: "text/html", "max-forwards": "0" },
        });
        expect(seen(answer)).not.toMatch(SECRETS);
      }
    },
  );

  test("by naming one of the gateway's own in a policy", async () => {
    const answer = await ask("ours");
    expect([answer.status, (answer.json() as { code: string }).code]).toEqual([
      503,
      "policy-invalid",
    ]);
    expect(origin.requests).toEqual([]);
  });

  test("from the log", async () => {
    await ask("invalid");
    await expect.poll(() => gateway.log()).toContain("the policy is invalid");
    expect(gateway.log()).not.toMatch(SECRETS);
  });
});

describe("a secret in an answer", () => {
  test("is what the policy wants everybody to read", async () => {
    expect((await ask("answered")).header("x-shown")).toBe(SHOWN);
    expect((await ask("ended")).header("x-shown")).toBe(SHOWN);
  });

  test("that is not there takes the origin's own field along", async () => {
    const answer = await ask("answered");
    expect([answer.status, answer.header("etag")]).toEqual([200, undefined]);
  });
});
