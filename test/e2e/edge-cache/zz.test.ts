import { test } from "vitest";
import { gzipSync, brotliCompressSync, gunzipSync } from "node:zlib";
import { startGateway } from "../../support/gateway.ts";
import { startOrigin } from "../../support/origin.ts";
import { visit } from "../../support/jar.ts";
test("x", async () => {
  const o = await startOrigin("v", (q, r) => {
    const e = q.url === "/br" ? "br" : "gzip";
    r.writeHead(200, { "content-encoding": e, "content-type": "text/plain" });
    r.end((e === "br" ? brotliCompressSync : gzipSync)("page ".repeat(100)));
  });
  const g = await startGateway({ policies: { "shop.example.com": { origin: o.url, cache: { ttlSeconds: 60 } } } });
  for (const path of ["/gz", "/br"])
    for (let i = 0; i < 3; i++) {
      const a = await visit(g.url, { host: "shop.example.com", path, headers: { "accept-encoding": "gzip, br" } });
      console.log(path, a.header("cache-status"), a.header("content-encoding"), a.header("content-length"), a.header("transfer-encoding"), a.body.length, [...a.body.subarray(0, 4)]);
      if (path === "/gz") { let b: Buffer = a.body; for (let n = 0; n < 3; n++) { try { b = gunzipSync(b); console.log("unzipped", n, b.length, b.toString("latin1").slice(0, 12)); } catch { break; } } }
    }
  console.log(g.logs());
  await g.close(); await o.close();
});
