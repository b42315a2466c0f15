import { beforeEach, describe, expect, it, vi } from "vitest";
import { connect } from "../../../../src/api/client/connect.ts";
import { forgetVisitor, postGoals } from "../../../../src/api/client/edits.ts";
import { exposures, routeMetrics, routeResults, status } from "../../../../src/api/client/reads.ts";
import { answer } from "../../../../src/control/router.ts";
import { A, TOKENS, admin, config, create, testEnv } from "../api.ts";

const client = connect({ url: "https://control.example.com", token: TOKENS.write });
const DIGEST = "0123456789abcdef";

/** All that a generator gives. */
async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of from) found.push(one);
  return found;
}

beforeEach(() => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) =>
    answer(new Request(input, init), undefined, admin, {
      env: testEnv,
      config,
      now: () => Date.now(),
      sleep: async (ms, signal) => scheduler.wait(ms, { signal }),
      log: () => {},
    }),
  );
});

describe("the client's functions about what is measured", () => {
  it("have nothing of a route that nobody asked for yet, and refuse one that is not there", async () => {
    await create("quiet", A);
    expect(await routeMetrics(client, "quiet", { window: 600, step: 60 })).toMatchObject({
      route: "quiet",
      step: 60,
      series: [],
    });
    expect(await routeResults(client, "quiet")).toEqual({ route: "quiet", experiments: [] });
    expect(await all(exposures(client, "quiet"))).toEqual([]);
    expect(await forgetVisitor(client, "quiet", DIGEST)).toEqual({
      route: "quiet",
      digest: DIGEST,
      forgotten: false,
    });
    const asked = [
      async () => routeMetrics(client, "nobody"),
      async () => routeResults(client, "nobody"),
      async () => all(exposures(client, "nobody")),
      async () => forgetVisitor(client, "nobody", DIGEST),
      async () => postGoals(client, "nobody", [{ digest: DIGEST, name: "purchase" }]),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: "route-not-found" });
  });

  it("walk over all pages of the status", async () => {
    const keys = Array.from({ length: 7 }, (_, n) => `walked-${n}`);
    for (const key of keys) await create(key, A);
    const pages = await all(status(client, { prefix: "walked-", limit: 3 }));
    expect(pages.flatMap(({ routes }) => routes.map(({ route }) => route))).toEqual(keys);
    expect(pages.map(({ routes }) => routes.length)).toEqual([3, 3, 1]);
  });
});
