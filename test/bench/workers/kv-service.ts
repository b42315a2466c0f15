/** A KV namespace in memory, inside the same workerd as the Worker that reads it: `GET /<key>`, as workerd's binding asks. */
export default {
  fetch(request: Request, env: { readonly VALUES: Readonly<Record<string, string>> }): Response {
    const key = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const value = env.VALUES[key];
    return value === undefined ? new Response(null, { status: 404 }) : new Response(value);
  },
};
