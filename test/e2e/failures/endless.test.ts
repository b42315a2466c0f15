import { afterAll, beforeAll, expect, test } from "vitest";
import { startFaulty, type Faulty } from "../../support/faulty.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { see } from "./seen.ts";

/** More than a good answer takes, far less than a body without end. */
const SOON_MS = 2000;

let endless: Origin;
let good: Faulty;
let gateway: BareGateway;
/** Answers of the endless origin that have not been let go of. */
let open = 0;

beforeAll(async () => {
  [endless, good] = await Promise.all([
    startOrigin("endless", (request, response) => {
      open += 1;
      response.on("close", () => (open -= 1));
      const status = Number(/^\/(\d{3})/.exec(request.url ?? "")?.[1]);
      response.writeHead(status, { "content-type": "text/plain" }).write("and so on");
    }),
    startFaulty("good"),
  ]);
  const colours = { strategy: "blue-green", blue: good.url, green: endless.url, active: "green" };
  gateway = await startBare({
    policies: {
      rescued: { ...colours, rescue: true, retry: { attempts: 2 } },
      assets: { ...colours, assetRescue: true },
      shadowed: { origin: good.url, mirror: { origin: endless.url, percent: 100 } },
    },
  });
});
afterAll(() => Promise.all([gateway?.close(), endless?.close(), good?.close()]));

test.each([
  ["503, retried and rescued", "/rescued/503", "blue"],
  ["520, retried and rescued", "/rescued/520", "blue"],
  ["404 for an asset of the other build", "/assets/404/app.3f9c2b1a.js", "blue"],
  ["200 of the mirror", "/shadowed/200", "origin"],
])("a %s, whose body never ends: nobody waits for it, and it is let go of", async (_, path, by) => {
  const begin = performance.now();
  const seen = await see(gateway.url + path);
  expect([seen.answer, seen.by]).toEqual(["200", by]);
  expect(performance.now() - begin).toBeLessThan(SOON_MS);
  await expect.poll(() => open, { timeout: SOON_MS }).toBe(0);
});
