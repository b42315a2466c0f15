import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";

test("runs in workerd, with the bindings of wrangler.toml and origins on loopback allowed", () => {
  expect(navigator.userAgent).toBe("Cloudflare-Workers");
  expect(env.TENANT_BY).toBe("host,path");
  expect(env.ALLOW_PRIVATE_ORIGINS).toBe("true");
});

test("the KV is real: it keeps what is put, and knows nothing else", async () => {
  await env.ROUTING_CONFIG.put("kept.example.com", "text");
  expect(await env.ROUTING_CONFIG.get("kept.example.com")).toBe("text");
  expect(await env.ROUTING_CONFIG.get("other.example.com")).toBeNull();
});

test("the Worker answers by its own export", async () => {
  const response = await exports.default.fetch("https://nobody.example.com/");
  expect(response.headers.get("content-type")).toBe("application/problem+json");
});

// The code relies on these; where the platform changes them, this is the first to say so.
test("the platform is as the design takes it", () => {
  expect(new URLPattern({ pathname: "/:tenant/*" }).test("https://any.example.com/one/two")).toBe(
    true,
  );
  const headers = new Headers([
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
  expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect("Temporal" in globalThis).toBe(false);
});
