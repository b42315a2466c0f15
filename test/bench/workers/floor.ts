/** The floor: the least a Worker can do that passes a request on. */
export default {
  fetch(request: Request, env: { readonly TARGET: string }): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    return fetch(env.TARGET + pathname + search, request);
  },
};
