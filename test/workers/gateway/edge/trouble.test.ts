import { describe, expect, test } from "vitest";

import {
  CACHE_REST_MS,
  CACHE_WAIT_MS,
  KEEP_TIMEOUT_MS,
  MAX_KEEPING,
} from "../../../../src/gateway/cache/edge-cache.ts";
import type { CopyCache } from "../../../../src/gateway/load/copies.ts";
import { HOST, one, ownCache, world, type Origin } from "./world.ts";

const STORED = "switchyard; fwd=miss; stored";
const AWAY = "switchyard; fwd=bypass; detail=unavailable";
const never = async (): Promise<never> => new Promise(() => {});

/** Workerd's cache with something wrong, until it is mended. */
function faulty(wrong: Partial<CopyCache>) {
  const open = ownCache();
  const fault = { is: true };
  return {
    fault,
    open: async (): Promise<CopyCache> => {
      const cache = await open();
      const ofFault = fault.is ? wrong : {};
      return {
        match: async (url) => cache.match(url),
        put: async (url, response) => cache.put(url, response),
        ...ofFault,
      };
    },
  };
}

/** A body that ends when it is told to. */
function slow(first: string) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const write = async (text: string) => writer.write(new TextEncoder().encode(text));
  void write(first).catch(() => {});
  return { readable, write, writer };
}

describe("a cache that is not well takes nobody's answer away", () => {
  test.each<[string, Partial<CopyCache>]>([
    ["throws", { match: () => Promise.reject(new Error("away")) }],
    ["never answers", { match: never }],
  ])("where it %s, and is left alone for a while", async (_, wrong) => {
    const { open, fault } = faulty(wrong);
    const { ask, clock, logged } = world({ [HOST]: one() }, { openEdge: open });
    const begin = Date.now();
    expect(await ask("/")).toMatchObject({ status: 200, text: "a.example", told: AWAY });
    expect(Date.now() - begin).toBeLessThan(CACHE_WAIT_MS + 5000);
    fault.is = false;
    clock.now += CACHE_REST_MS - 1;
    expect((await ask("/")).told).toBe(AWAY);
    clock.now += 1;
    expect((await ask("/")).told).toBe(STORED);
    expect((await ask("/")).asked).toBe(0);
    expect(logged).toEqual(["the edge cache fails; origins answer"]);
  });

  test("where it cannot be opened", async () => {
    const openEdge = async () => Promise.reject(new Error("no cache was configured"));
    const { ask } = world({ [HOST]: one() }, { openEdge });
    expect(await ask("/")).toMatchObject({ status: 200, told: AWAY });
  });

  test("where there is none on this host", async () => {
    const { ask } = world({ [HOST]: one() }, { openEdge: undefined });
    expect(await ask("/")).toMatchObject({ status: 200, told: AWAY });
  });

  test("where nothing can be put", async () => {
    const put = async () => Promise.reject(new Error("full"));
    const { ask, logged } = world({ [HOST]: one() }, { openEdge: faulty({ put }).open });
    for (let visit = 0; visit < 2; visit += 1)
      expect(await ask("/")).toMatchObject({ status: 200, told: STORED, asked: 1 });
    expect(logged).toEqual(["an answer could not be kept at the edge"]);
  });

  test("where it gives what it was never given", async () => {
    let copies: Response[] = [];
    const match = async () => copies.shift();
    const { ask, origin } = world({ [HOST]: one() }, { openEdge: faulty({ match }).open });
    copies = [
      new Response("somebody's"),
      new Response("somebody's", { headers: { "x-switchyard-copy-head": "" } }),
      new Response("somebody's", { headers: { "x-switchyard-copy-head": "k 200 0 0 9e99" } }),
    ];
    for (let visit = 0; visit < 3; visit += 1)
      expect(await ask("/")).toMatchObject({ text: "a.example", asked: 1 });
    // What an origin says under our names is not ours.
    origin.answers = () =>
      new Response("own", {
        headers: {
          vary: "origin",
          "x-switchyard-copy-head": "1",
          "x-switchyard-copy-vary": "x-forged",
          "x-switchyard-copy-age": "9",
        },
      });
    const honest = world({ [HOST]: one() }, { origin: origin.answers });
    await honest.ask("/");
    const { headers, asked } = await honest.ask("/");
    expect([asked, headers.get("vary"), headers.get("age")]).toEqual([0, "origin", "0"]);
    expect([...headers.keys()].filter((name) => name.startsWith("x-switchyard"))).toEqual([]);
  });

  test("where it gives one visitor's copy to another's key", async () => {
    const open = ownCache();
    const first: string[] = [];
    const openEdge = async (): Promise<CopyCache> => {
      const cache = await open();
      const one_ = (url: string) => (first.push(url), first[0] ?? url);
      return {
        match: async (url) => cache.match(one_(url)),
        put: async (url, response) => cache.put(url, response),
      };
    };
    const { ask } = world(
      { [HOST]: one() },
      { openEdge, origin: ({ url }) => new Response(url.pathname) },
    );
    expect((await ask("/a")).told).toBe(STORED);
    expect((await ask("/a")).asked).toBe(0);
    expect(await ask("/b")).toMatchObject({ text: "/b", asked: 1 });
  });
});

describe("a body", () => {
  const open = (origin: Origin) => world({ [HOST]: one() }, { origin });

  test("that breaks off leaves nothing", async () => {
    const body = slow("half");
    const { open: ask, ask: again, origin, settle } = open(() => new Response(body.readable));
    const response = await ask("/");
    expect(response.headers.get("cache-status")).toBe(STORED);
    const reading = response.text();
    await body.writer.abort(new Error("broken"));
    await expect(reading).rejects.toThrow("broken");
    await settle();
    origin.answers = () => new Response("whole");
    expect(await again("/")).toMatchObject({ text: "whole", asked: 1 });
    expect(await again("/")).toMatchObject({ text: "whole", asked: 0 });
  });

  test("that is shorter than its head says leaves nothing", async () => {
    const { ask } = open(() => new Response("half", { headers: { "content-length": "8" } }));
    await ask("/");
    expect((await ask("/")).asked).toBe(1);
  });

  test("is kept though its client is slow, or goes", async () => {
    const body = slow("all");
    const { open: ask, ask: again, settle } = open(() => new Response(body.readable));
    const response = await ask("/");
    await body.writer.close();
    // Nobody has read a byte of the first answer yet.
    await settle();
    expect(await again("/")).toMatchObject({ text: "all", asked: 0 });
    await response.body?.cancel();
    expect(await again("/")).toMatchObject({ text: "all", asked: 0 });
  });

  test("goes out while it comes", async () => {
    const body = slow("first,");
    const { open: ask, settle } = open(() => new Response(body.readable));
    const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = (
      await ask("/")
    ).body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).toBe("first,");
    const written = body.write("second");
    expect(await next()).toBe("second");
    await written;
    await body.writer.close();
    await reader?.cancel();
    await settle();
  });

  test("that takes too long leaves nothing, and its client gets it all the same", async () => {
    const bodies: ReturnType<typeof slow>[] = [];
    // Long waits are a matter of the test's clock where there is a hub.
    const { open: ask, pass } = world(
      { [HOST]: one() },
      {
        hub: { report: never },
        origin: () => {
          const body = slow("begin, ");
          bodies.push(body);
          return new Response(body.readable);
        },
      },
    );
    const told = async () => {
      const response = await ask("/");
      return { response, told: response.headers.get("cache-status") };
    };
    const first = await told();
    expect(first.told).toBe(STORED);
    pass(KEEP_TIMEOUT_MS);
    // Its place is free before it has ended.
    await expect.poll(async () => (await told()).told).toBe(STORED);
    const [body] = bodies;
    const text = first.response.text();
    await body?.write("end");
    await body?.writer.close();
    expect(await text).toBe("begin, end");
  });

  /** Opens answers whose bodies end when `end` is called. */
  const opened = () => {
    const bodies: ReturnType<typeof slow>[] = [];
    const {
      open: ask,
      clock,
      settle,
    } = open(() => {
      const body = slow("x");
      bodies.push(body);
      return new Response(body.readable);
    });
    const answers: Response[] = [];
    const told = async (path: string) => {
      const response = await ask(path);
      answers.push(response);
      return response.headers.get("cache-status");
    };
    const end = async () => {
      const texts = answers.map(async (answer) => answer.text());
      await Promise.all(bodies.map(async ({ writer }) => writer.close()));
      expect(new Set(await Promise.all(texts))).toEqual(new Set(["x"]));
      await settle();
    };
    return { told, clock, end };
  };
  const BUSY = "switchyard; fwd=miss; detail=busy";

  test("is read once for its copy, however many ask meanwhile", async () => {
    const { told, end } = opened();
    expect([await told("/"), await told("/")]).toEqual([STORED, BUSY]);
    await end();
    expect(await told("/")).toMatch(/hit/);
  });

  test("is not kept beside too many others, until they should have ended", async () => {
    const { told, clock, end } = opened();
    for (let other = 0; other < MAX_KEEPING; other += 1)
      expect(await told(`/${other}`)).toBe(STORED);
    expect(await told("/more")).toBe(BUSY);
    clock.now += KEEP_TIMEOUT_MS;
    expect(await told("/more")).toBe(BUSY);
    clock.now += 1;
    expect(await told("/more")).toBe(STORED);
    await end();
  });
});

test("an origin that is down is no matter to who gets a copy, and a copy says nothing of the origin", async () => {
  const { ask, origin, clock } = world({ [HOST]: one() });
  await ask("/kept");
  origin.answers = () => new Response(null, { status: 503 });
  for (let failure = 0; failure < 30; failure += 1) {
    clock.now += 100;
    expect((await ask("/other")).status).toBe(503);
    expect(await ask("/kept")).toMatchObject({ status: 200, asked: 0 });
  }
});
