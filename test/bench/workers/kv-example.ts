/**
 * What people copy: the worked example of Cloudflare's documentation of Workers KV for routing (2025-03-03), written
 * from its description. One read of KV per request, by the first path segment.
 */
interface Env {
  readonly ROUTING_CONFIG: {
    get(key: string, options: { type: "json" }): Promise<{ origin: string } | null>;
  };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      const url = new URL(request.url);
      const [, storefront, ...rest] = url.pathname.split("/");
      if (storefront === undefined || storefront === "")
        return new Response("The path names no storefront", { status: 400 });
      const config = await env.ROUTING_CONFIG.get(storefront, { type: "json" });
      if (config === null) return new Response("Unknown storefront", { status: 404 });
      const target = new URL(`/${rest.join("/")}${url.search}`, config.origin);
      const answer = await fetch(
        new Request(target, {
          method: request.method,
          headers: request.headers,
          body: request.body,
          redirect: "follow",
        }),
      );
      const response = new Response(answer.body, answer);
      response.headers.set("X-Served-By", "Cloudflare Workers");
      response.headers.set("X-Storefront-ID", storefront);
      return response;
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
