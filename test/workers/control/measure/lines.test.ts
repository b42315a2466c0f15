import { beforeAll, describe, expect, it, vi } from "vitest";
import { LINES } from "../../../../src/api/definition.ts";
import { canary, logged, respond } from "../api.ts";
import { digestOf, Reported } from "./reporting.ts";
import { withShards } from "./shards.ts";

const PATH = "/routes/paged/exposures";
const COUNT = 6;

beforeAll(async () => {
  const route = await Reported.create("paged", canary(50));
  const visitors = digests(COUNT).map((digest) => ({ digest, variant: "stable" }));
  await route.tell(route.split(visitors));
  const all = async () => (await read(await respond("GET", PATH))).digests.length === COUNT;
  await vi.waitUntil(all, { timeout: 30_000 });
});

/** The real hub, whose pages are of two lines, and whose `failing`th is not to be had. */
function paged(failing = Number.NaN) {
  const asked: (string | null)[] = [];
  const env = withShards((_, real) => ({
    exposures: async (key: string, after: string | null) => {
      asked.push(after);
      if (asked.length === failing) throw new Error("the shard is down, says a secret place");
      return real.exposures(key, after, 2);
    },
  }));
  return { env, asked };
}

/** The lines that came, and whether they are all. */
async function read(response: Response): Promise<{ digests: string[]; whole: boolean }> {
  let text = "";
  let whole = true;
  try {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? []) text += decoder.decode(piece as Uint8Array);
  } catch {
    whole = false;
  }
  const digests = text
    .split("\n")
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { digest: string }).digest);
  return { digests, whole };
}

const digests = (count: number) => Array.from({ length: count }, (_, n) => digestOf(n));

describe("the lines of a sample", () => {
  it("come page by page, each asked for when the one before is gone", async () => {
    const { env, asked } = paged();
    const response = await respond("GET", PATH, { env });
    expect(asked).toEqual([null]);
    expect(response.headers.get("content-type")).toBe(LINES);
    expect(response.headers.get("content-length")).toBeNull();
    expect(await read(response)).toEqual({ digests: digests(COUNT), whole: true });
    expect(asked.length).toBeGreaterThanOrEqual(COUNT / 2);
  });

  it("are asked for no longer once the caller has gone", async () => {
    const { env, asked } = paged();
    const response = await respond("GET", PATH, { env });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(asked.length).toBeLessThan(COUNT / 2);
  });

  it.each([2, 3])(
    "break off where page %d cannot be had, so that nobody takes them for all",
    async (page) => {
      const { env } = paged(page);
      logged.length = 0;
      const found = await read(await respond("GET", PATH, { env }));
      expect(found).toEqual({ digests: digests((page - 1) * 2), whole: false });
      expect(logged).toHaveLength(1);
    },
  );

  it("break off where the hub has lost the route meanwhile", async () => {
    const env = withShards((_, real) => ({
      exposures: async (key: string, after: string | null) =>
        after === null ? real.exposures(key, after, 2) : undefined,
    }));
    const found = await read(await respond("GET", PATH, { env }));
    expect(found).toEqual({ digests: digests(2), whole: false });
  });

  it("are refused where the first page cannot be had", async () => {
    const { status } = await respond("GET", PATH, { env: paged(1).env });
    expect(status).toBe(503);
  });
});
