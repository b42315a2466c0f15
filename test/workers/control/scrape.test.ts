import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { ControlEnv } from "../../../src/config/control.ts";
import worker from "../../../src/control/index.ts";
import { RELEASE } from "../../../src/lib/release.ts";
import { digest } from "./api.ts";

const TOKENS = JSON.stringify([
  { name: "scraper", sha256: await digest("all"), role: "read", scope: "*" },
]);
const on: ControlEnv = { ...env, ADMIN_TOKENS: TOKENS };

const context = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext;

const scrape = async (init: RequestInit = {}, environment = on, path = "/metrics") =>
  worker.fetch(
    new Request(`https://switchyard.example.com${path}`, init) as Request<
      unknown,
      IncomingRequestCfProperties
    >,
    environment,
    context,
  );

const authorized = (headers: Record<string, string> = {}) => ({
  headers: { authorization: "Bearer all", ...headers },
});

describe("a scrape", () => {
  it("is answered in the format that it asks for, and is nobody else's", async () => {
    const plain = await scrape(authorized());
    expect(plain.status).toBe(200);
    expect(plain.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(plain.headers.get("cache-control")).toBe("no-store");
    const open = await scrape(authorized({ accept: "application/openmetrics-text" }));
    expect(open.headers.get("content-type")).toContain("application/openmetrics-text");
    const text = await open.text();
    expect(text).toContain(`switchyard_build_info{version="${RELEASE}"} 1\n`);
    expect(text.match(/switchyard_hub_up\{shard="\d+"\} 1\n/g)).toHaveLength(16);
  });

  it("needs a token, and a GET", async () => {
    expect((await scrape()).status).toBe(401);
    expect((await scrape({ headers: { authorization: "Bearer wrong" } })).status).toBe(401);
    const posted = await scrape({ method: "POST", body: "{}", ...authorized() });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("is not a path below the root but one, and none where the control plane is off", async () => {
    expect((await scrape(authorized(), on, "/metrics/")).status).toBe(404);
    expect((await scrape(authorized(), on, "/shop/metrics")).status).toBe(404);
    expect((await scrape(authorized(), { ...env })).status).toBe(404);
  });

  it("fails where no shard answers, so that no series seems to end", async () => {
    const { HUBS: _, ...withoutHub } = on;
    const answer = await scrape(authorized(), withoutHub);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      expect.objectContaining({ code: "hub-unavailable" }),
    ]);
  });
});
