import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "./bare.ts";
import { requestBytes, sendRaw } from "./raw.ts";

let origin: Origin;
let gateway: BareGateway;

beforeAll(async () => {
  origin = await startOrigin("o");
  const at = origin.url;
  gateway = await startBare({
    policies: {
      "dav.example.com": { origin: at },
      "map.example.com": {
        strategy: "path-map",
        paths: {
          "/files": { origin: `${at}/base`, stripPrefix: true },
          "/private": { origin: `${at}/private-server`, stripPrefix: true },
        },
      },
      shopA: { origin: at },
      shopB: { origin: at },
      "*": { origin: at },
    },
  });
});

afterAll(async () => {
  await Promise.all([gateway?.close(), origin?.close()]);
});

beforeEach(() => origin.forget());

/** The field that the origin gets of a MOVE. */
async function moved(host: string, target: string, destination: string) {
  const fields = [`Destination: ${destination.replace("ORIGIN", origin.url)}`];
  const bytes = requestBytes(target, { method: "MOVE", host, fields });
  const { status } = await sendRaw(gateway.port, bytes);
  const got = origin.requests[0]?.headers["destination"]?.[0]?.replace(origin.url, "ORIGIN");
  return [status, got];
}

describe("Destination is where a request for it would arrive (RFC 4918 §10.3)", () => {
  test.each([
    ["dav.example.com", "/a", "http://dav.example.com/b?#x", "ORIGIN/b?#x"],
    ["dav.example.com", "/a", "https://DAV.example.com:443/b", "ORIGIN/b"],
    ["dav.example.com", "/a", "/b\"'?", "/b%22'?"],
    ["dav.example.com", "/a", "/b?\"'", "/b?\"'"],
    ["any.example", "/shopA/a", "http://any.example/shopA/b", "ORIGIN/b"],
    ["any.example", "/shopA/a", "/shopA/b/", "/b/"],
    ["any.example", "/shopA/a", "/shopA", "/"],
    ["any.example", "/a", "http://any.example/b", "ORIGIN/b"],
    ["map.example.com", "/files/a", "http://map.example.com/files/b", "ORIGIN/base/b"],
    ["map.example.com", "/files/a", "/files", "/base"],
    // A page of a QA link, whose token no origin gets.
    ["dav.example.com", "/a", "http://dav.example.com/b?sy=sy1.p.s&x", "ORIGIN/b?x"],
    ["map.example.com", "/files/a", "http://map.example.com/%66iles/%2e/b", "ORIGIN/base/b"],
  ])("%s%s to %s is %s", async (host, target, destination, got) => {
    expect(await moved(host, target, destination)).toEqual([200, got]);
  });

  test.each([
    ["any.example", "/shopA/a", "http://any.example/shopB/b", "http://any.example/shopB/b"],
    ["any.example", "/shopA/a", "/shopB/b", "http://any.example/shopB/b"],
    ["any.example", "/shopA/a", "/shopA/../shopB/b", "http://any.example/shopB/b"],
    ["any.example", "/shopA/a", "../shopB/b", "http://any.example/shopB/b"],
    ["any.example", "/a", "/shopB/b", "http://any.example/shopB/b"],
    ["map.example.com", "/files/a", "/private/b", "http://map.example.com/private/b"],
    ["map.example.com", "/files/a", "/nowhere/b", "http://map.example.com/nowhere/b"],
    ["dav.example.com", "/a", "http://other.example/b\xe9", "http://other.example/b\xe9"],
    ["any.example", "/a", "http://any.example/shopB/b?sy=sy1.p.s", "http://any.example/shopB/b"],
    ["dav.example.com", "/a", "http://other.example/b?s%79=sy1.p.s", "http://other.example/b"],
    // The origin named past the gateway.
    ["map.example.com", "/files/a", "ORIGIN/private-server/b", undefined],
  ])(
    "what leads elsewhere is not a place of this origin: %s%s to %s",
    async (host, target, to, got) => {
      expect(await moved(host, target, to)).toEqual([200, got]);
    },
  );
});
