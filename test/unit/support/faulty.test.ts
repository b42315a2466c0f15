import { request as httpRequest } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { FAULTS, startFaulty, type Fault, type Faulty } from "../../support/faulty.ts";
import { openVisit, visit, type VisitOptions } from "../../support/jar.ts";

const STEP_MS = 50;

let faulty: Faulty;
afterEach(() => faulty.close());

/** What a visitor sees of a fault: the status and body, or the error's code or message. */
async function seen(options: VisitOptions = {}): Promise<string> {
  try {
    const answer = await visit(faulty.url, options);
    return `${answer.status} ${answer.text()}`;
  } catch (error) {
    const { code, message } = error as Error & { code?: string | number };
    return typeof code === "string" ? code : message;
  }
}

const GOOD = "200 canary is well and answers in full\n";

/** One row per fault; the record fails to compile when a fault has no row. */
const EXPECTED: Readonly<Record<Exclude<Fault, "hang" | "endless-headers">, string>> = {
  good: GOOD,
  refuse: "ECONNREFUSED",
  "reset-before-head": "ECONNRESET",
  "reset-mid-body": "ECONNRESET",
  "slow-head": GOOD,
  "slow-body": GOOD,
  garbage: "HPE_INVALID_CONSTANT",
  "wrong-length": "ECONNRESET",
  "close-after-continue": "ECONNRESET",
  "500": "500 500",
  "502": "502 502",
  "503": "503 503",
  "504": "504 504",
};

describe("each fault, as a visitor sees it", () => {
  const rows = Object.entries(EXPECTED).map(([name, expected]) => {
    const fault = name as Fault;
    return { fault, meaning: FAULTS[fault], expected };
  });

  test.each(rows)("$fault: $meaning", async ({ fault, expected }) => {
    faulty = await startFaulty("canary", { fault, stepMs: 5 });
    expect(await seen()).toBe(expected);
    expect(await seen({ body: "a body that was sent" })).toBe(expected);
    expect(faulty.connections).toBe(fault === "refuse" ? 0 : 2);
  });

  test("hang: nothing, for as long as one waits", async () => {
    faulty = await startFaulty("canary", { fault: "hang" });
    expect(await seen({ timeoutMs: 150 })).toMatch(/^no answer/);
    expect(faulty.requests).toEqual(["GET /"]);
  });

  test("endless-headers: more than any reader takes", async () => {
    faulty = await startFaulty("canary", { fault: "endless-headers" });
    expect(await seen()).toBe("HPE_HEADER_OVERFLOW");
  });

  test("slow-head: the head comes late", async () => {
    faulty = await startFaulty("canary", { fault: "slow-head", stepMs: STEP_MS });
    const begin = performance.now();
    await openVisit(faulty.url);
    expect(performance.now() - begin).toBeGreaterThan(STEP_MS * 0.9);
  });

  test("slow-body: the head is there long before the end", async () => {
    faulty = await startFaulty("canary", { fault: "slow-body", stepMs: 10 });
    const { stream, status } = await openVisit(faulty.url);
    const begin = performance.now();
    await stream.resume().toArray();
    expect(status).toBe(200);
    expect(performance.now() - begin).toBeGreaterThan(200);
  });

  test("reset-mid-body and wrong-length: a good head comes first", async () => {
    faulty = await startFaulty("canary", { stepMs: 5 });
    for (const fault of ["reset-mid-body", "wrong-length"] as const) {
      faulty.next(fault);
      const { status, header, stream } = await openVisit(faulty.url);
      expect([status, header("x-origin")]).toEqual([200, "canary"]);
      await expect(stream.toArray()).rejects.toThrow(/aborted/);
    }
  });

  test("close-after-continue: a client that waits for 100 gets it, and no more", async () => {
    faulty = await startFaulty("canary", { fault: "close-after-continue" });
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      const request = httpRequest(faulty.url, {
        method: "POST",
        headers: { expect: "100-continue" },
      });
      request.on("continue", () => events.push("continue"));
      request.on("response", () => events.push("response"));
      request.on("error", () => resolve());
      request.flushHeaders();
    });
    expect(events).toEqual(["continue"]);
  });
});

describe("choosing faults", () => {
  test("by path, by queue and by default; the queue goes first", async () => {
    faulty = await startFaulty("canary", { fault: "503", byPath: { "/ok": "good" } });
    expect(await seen({ path: "/ok?x" })).toBe(GOOD);
    expect(await seen({ path: "/" })).toBe("503 503");
    faulty.next("502", "504");
    expect(await seen({ path: "/ok" })).toBe("502 502");
    expect(await seen({ path: "/ok" })).toBe("504 504");
    expect(await seen({ path: "/ok" })).toBe(GOOD);
    expect(faulty.requests).toEqual(["GET /ok?x", "GET /", "GET /ok", "GET /ok", "GET /ok"]);
    expect(faulty.connections).toBe(5);
  });

  test("dies and comes back on the same port, and its open connections die with it", async () => {
    faulty = await startFaulty("canary", { fault: "hang" });
    const hanging = seen();
    await expect.poll(() => faulty.requests.length).toBe(1);
    await faulty.set("refuse");
    expect(await hanging).toBe("ECONNRESET");
    expect(await seen()).toBe("ECONNREFUSED");
    await faulty.set("good");
    expect(await seen()).toBe(GOOD);
  });

  test("takes a body in chunks, and 100-continue, when it is good", async () => {
    faulty = await startFaulty("canary");
    const headers = { "transfer-encoding": "chunked" };
    expect(await seen({ method: "POST", headers, body: "in chunks" })).toBe(GOOD);
    expect(await seen({ headers: { expect: "100-continue" }, body: "after 100" })).toBe(GOOD);
  });
});
