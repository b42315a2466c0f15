/** Hono with its proxy helper, called as its documentation calls it, and a split by cookie before it. */
import { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { proxy } from "hono/proxy";

const COOKIE = "hono-split";
const SHARE = 0.1;
const KEPT_SECONDS = 31_536_000;

const app = new Hono<{ Bindings: { readonly TARGET: string } }>();

app.all("*", async (context) => {
  const { pathname, search } = new URL(context.req.url);
  const known = getCookie(context, COOKIE);
  const variant = known ?? (Math.random() < SHARE ? "treatment" : "control");
  const answer = await proxy(context.env.TARGET + pathname + search, {
    raw: context.req.raw,
    headers: {
      ...context.req.header(),
      "X-Forwarded-For": context.req.header("cf-connecting-ip"),
      "X-Forwarded-Host": context.req.header("host"),
      "X-Variant": variant,
    },
  });
  if (known === undefined)
    setCookie(context, COOKIE, variant, { path: "/", maxAge: KEPT_SECONDS, sameSite: "Lax" });
  return answer;
});

export default app;
