/**
 * The A/B test that is copied most: the example "A/B testing with same-URL direct access" of Cloudflare's documentation
 * of Workers, written from its description. A cookie names the group, the group's path goes before the visitor's, and a
 * newcomer is drawn. On Cloudflare a fetch of one's own host goes to the origin; here the origin has to be named.
 */
const NAME = "ab-example";

export default {
  async fetch(request: Request, env: { readonly TARGET: string }): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const at = (group: string) => `${env.TARGET}/${group}${pathname}${search}`;
    if (pathname.startsWith("/control") || pathname.startsWith("/test"))
      return fetch(env.TARGET + pathname + search, request);
    const cookie = request.headers.get("cookie");
    if (cookie?.includes(`${NAME}=control`) === true) return fetch(at("control"));
    if (cookie?.includes(`${NAME}=test`) === true) return fetch(at("test"));
    const group = Math.random() < 0.5 ? "test" : "control";
    const answer = await fetch(at(group));
    const response = new Response(answer.body, answer);
    response.headers.append("Set-Cookie", `${NAME}=${group}; path=/`);
    return response;
  },
};
