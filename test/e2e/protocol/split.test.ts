import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { ALPHA, goodnessOfFit } from "../../support/statistics.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";

const SESSIONS = 1000;
/** Sessions under way at once. */
const CROWD = 25;
/** What a visitor looks at after the first page: a redirect, a page that sets cookies of its own, and where that leads. */
const JOURNEY = ["/redirect?to=/b", "/cookies", "/a/b?c"] as const;

const WEIGHTS = { first: 60, second: 30, third: 9, fourth: 1, none: 0 } as const;

let origins: Origin[];
let gateway: BareGateway;

beforeAll(async () => {
  origins = await Promise.all(Object.keys(WEIGHTS).map((name) => startOrigin(name)));
  const url = (index: number) => origins[index]?.url ?? "";
  const variants = Object.entries(WEIGHTS).map(([name, weight], i) => ({
    name,
    weight,
    origin: url(i),
  }));
  gateway = await startBare({
    policies: {
      "weighted.example.com": { strategy: "weighted", variants },
      "pinned.example.com": { strategy: "weighted", variants, sticky: { mode: "pin" } },
      storefrontA: { strategy: "canary", stable: url(0), canary: url(1), percent: 20 },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), ...(origins ?? []).map((origin) => origin.close())]);
});

interface Session {
  /** Every variant met, in order. */
  readonly variants: readonly string[];
  /** Pages that set our cookie. */
  readonly set: number;
}

/** One visitor with a browser's cookie jar. */
async function session(host: string, prefix: string): Promise<Session> {
  const jar = openJar();
  const variants: string[] = [];
  let set = 0;
  for (const page of ["/", ...JOURNEY]) {
    const answer = await visit(gateway.url, { host, jar, path: prefix + page });
    variants.push(answer.header("x-variant") ?? "");
    set += (answer.headers["set-cookie"] ?? []).filter((line) => line.startsWith("sy=")).length;
  }
  return { variants, set };
}

async function sessions(count: number, host: string, prefix: string): Promise<Session[]> {
  const done: Session[] = [];
  let begun = 0;
  const visitor = async () => {
    while (begun < count) {
      begun += 1;
      done.push(await session(host, prefix));
    }
  };
  await Promise.all(Array.from({ length: CROWD }, visitor));
  return done;
}

describe("a thousand visitors with cookie jars", () => {
  test.each([
    ["weighted, by hash", SESSIONS, "weighted.example.com", "", WEIGHTS],
    ["weighted, by pin", SESSIONS / 4, "pinned.example.com", "", WEIGHTS],
    [
      "a canary below a tenant's path",
      SESSIONS / 4,
      "any.example",
      "/storefrontA",
      { stable: 80, canary: 20 },
    ],
  ])(
    "%s: the split is exact, and nobody is ever moved",
    async (_, count, host, prefix, weights) => {
      const all = await sessions(count, host, prefix);
      expect(all.filter(({ variants }) => new Set(variants).size !== 1)).toEqual([]);
      expect(all.filter(({ set }) => set !== 1)).toEqual([]);
      const counts = Object.keys(weights).map(
        (name) => all.filter(({ variants }) => variants[0] === name).length,
      );
      // A right gateway fails this once in a million runs.
      expect(goodnessOfFit(counts, Object.values(weights)).p).toBeGreaterThan(ALPHA);
    },
  );

  test("who keeps no cookies is drawn anew, by the same weights", async () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < SESSIONS; i++) {
      const answer = await visit(gateway.url, { host: "weighted.example.com", path: "/" });
      const name = answer.header("x-variant") ?? "";
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const observed = Object.keys(WEIGHTS).map((name) => counts.get(name) ?? 0);
    expect(goodnessOfFit(observed, Object.values(WEIGHTS)).p).toBeGreaterThan(ALPHA);
  });
});
