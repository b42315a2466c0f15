import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { normalPath } from "../../../src/lib/path.ts";
import { rawPaths } from "../../property/arbitraries/paths.ts";
import { check } from "../../support/property.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("o");
  const base = { origin: `${origin.url}/base` };
  gateway = await startBare({
    policies: {
      "shop.example.com": base,
      storefrontA: base,
      "map.example.com": {
        strategy: "path-map",
        paths: { "/a": { ...base, stripPrefix: true }, "/admin": base },
        default: base.origin,
      },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

const queries = fc.constantFrom(
  "",
  "?",
  "?a=b&a=%2F%zz",
  "?x=../..//%2e%2e",
  "?%",
  "?a?b",
  "?'\"<>|",
);

test("an origin gets below its base the path that was matched, in its normal form, and the query as it came", async () => {
  const path = rawPaths.map((raw) =>
    Buffer.from(raw.replaceAll(/[\r\n]/g, ""), "utf8").toString("latin1"),
  );
  const places = fc.constantFrom(
    ["shop.example.com", "", ""],
    ["any.example", "/storefrontA", "/storefrontA"],
    ["map.example.com", "/a", "/a"],
    ["map.example.com", "/admin", ""],
  );
  let served = 0;
  await check(
    fc.asyncProperty(
      places,
      path,
      queries,
      async ([host = "", prefix = "", stripped = ""], below, query) => {
        origin.forget();
        const target = `${prefix}${below.startsWith("/") ? "" : "/"}${below}${query}`;
        const answer = await sendRaw(gateway.port, requestBytes(target, { host }));
        const got = origin.requests.map(({ url }) => url);
        const url = new URL(`http://${host}${Buffer.from(target, "latin1").toString("utf8")}`);
        const seen = normalPath(url.pathname);
        // What leaves its tenant or its prefix by dot segments is decided by where it leads.
        const isInside = seen === prefix || seen.startsWith(`${prefix}/`);
        // An empty query is a query, too; a fragment never comes this far.
        const search = url.search === "" && query === "?" ? "?" : url.search;
        const expected = `/base${seen.slice(stripped.length)}${search}`;
        served += got.length;
        expect(answer.status === 400 || !isInside ? [] : got).toEqual(
          answer.status === 400 || !isInside ? [] : [expected],
        );
      },
    ),
    { runs: 1000 },
  );
  expect(served).toBeGreaterThan(300);
});
