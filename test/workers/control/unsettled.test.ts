import { env } from "cloudflare:workers";
import { expect, it } from "vitest";

import { A, B, api, create, match } from "./api.ts";

it("has another tag while KV holds something else: it is good for an edit, and for no answer of before", async () => {
  await create("unsettled", A);
  const read = async (tag?: string) =>
    api("GET", "/routes/unsettled", tag === undefined ? {} : { headers: { "if-none-match": tag } });
  const settled = (await read()).headers.get("etag") ?? "none";
  expect(settled).toBe('"1"');
  expect((await read(settled)).status).toBe(304);

  await env.ROUTING_CONFIG.put("unsettled", JSON.stringify(B));
  const drifted = await read(settled);
  const tag = drifted.headers.get("etag") ?? "none";
  expect([drifted.status, tag]).toEqual([200, '"1.unsettled"']);
  expect((await read(tag)).status).toBe(200);

  const back = await api("POST", "/routes/unsettled/republish", {
    headers: { "if-match": tag },
    body: {},
  });
  expect(back.status).toBe(200);
  const after = await read(tag);
  expect([after.status, after.headers.get("etag")]).toEqual([200, settled]);
  expect((await api("DELETE", "/routes/unsettled", { headers: match(2) })).status).toBe(412);
});
