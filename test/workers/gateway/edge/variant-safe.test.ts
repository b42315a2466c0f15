import * as fc from "fast-check";
import { expect, test } from "vitest";

import { check } from "../../../support/property.ts";
import { HOST, world, type Asked } from "./world.ts";

/** Past what memory serves without asking again (ms). */
const FORGOTTEN_MS = 12_000;

/** Many small worlds, on two cores with others at work. */
const LONG_MS = 120_000;

/** A host without a route of its own: its paths name tenants. */
const NO_KEY = "any.example.net";

const FIELDS = ["x-app", "accept-language", "origin", "x-other"] as const;

/** What an origin says to a request: all that it was asked, and what only this answer has. */
function pageOf({ url, headers }: Asked, serial: number, vary: string): Response {
  const page = {
    origin: url.host,
    variant: headers.get("x-switchyard-variant"),
    route: headers.get("x-switchyard-route"),
    edit: headers.get("x-edit"),
    host: headers.get("x-forwarded-host"),
    scheme: headers.get("x-forwarded-proto"),
    url: url.pathname + url.search,
    fields: FIELDS.map((name) => headers.get(name)),
    cookie: headers.get("cookie"),
    serial,
  };
  return Response.json(page, vary === "" ? {} : { headers: { vary } });
}

type Page = Record<"origin" | "variant" | "route" | "edit" | "host" | "url", string> & {
  readonly fields: readonly (string | null)[];
  readonly cookie: string | null;
};

interface Visitor {
  /** Our cookie, once it was given. */
  sy?: string;
  readonly cookie: string | undefined;
  readonly user: string;
}

/** Mostly the first of a few values: only what comes again and again is answered from copies. */
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  );

const name = fc.constantFrom("a", "b", "c");
const variants = fc
  .uniqueArray(
    fc.record({
      name,
      origin: fc.constantFrom("https://a.example", "https://b.example", "https://c.example/base"),
      weight: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 2, maxLength: 3, selector: (one) => one.name },
  )
  .map((all) => all.toSorted((one, other) => one.name.localeCompare(other.name)));

/** Splits that differ in what may mix their pages up: weights, names, where they lead, what they add, how they know visitors. */
const policies = fc.record(
  {
    strategy: fc.constant("weighted"),
    variants,
    epoch: fc.integer({ min: 0, max: 1 }),
    experiment: fc.constantFrom("prices", "checkout"),
    cache: fc.record(
      {
        ttlSeconds: fc.constantFrom(1, 60, 600),
        vary: fc.subarray(["X-App", "accept-language"]),
      },
      { requiredKeys: ["ttlSeconds"] },
    ),
    sticky: fc.constantFrom<unknown>(
      false,
      { mode: "pin" },
      { mode: "hash" },
      { by: [{ header: "x-user" }, "cookie"] },
    ),
    headers: fc.record({ request: fc.record({ set: fc.record({ "x-edit": name }) }) }),
    override: fc.constant("open"),
  },
  { requiredKeys: ["strategy", "variants", "cache", "override"] },
);

const visits = fc.record({
  do: fc.constant("visit" as const),
  visitor: mostly(0, 1, 2, 3),
  host: mostly(HOST, "other.example.com", NO_KEY),
  path: mostly("/x", "/", "/%78", "/x/", "/x?a=1", "/x?a=1&a=1", "/x?a=2", "/tenant/x"),
  method: mostly("GET", "HEAD", "POST"),
  fields: fc.oneof(
    fc.constant<Record<string, string>>({}),
    fc.dictionary(fc.constantFrom(...FIELDS), mostly("1", "2", ""), { maxKeys: 2 }),
  ),
  hidden: mostly("", "x-app", "accept-language", "origin"),
  forced: mostly(undefined, "a", "b"),
});
const steps = fc.oneof(
  { weight: 20, arbitrary: visits },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("publish" as const),
      policy: policies,
      key: fc.constantFrom(HOST, "tenant"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(500, 30_000) }),
  },
);

test(
  "a visitor never gets another variant's page, nor another page's, host's, tenant's or visitor's",
  async () => {
    const seen = { hits: 0, visits: 0 };
    await check(
      fc.asyncProperty(
        policies,
        policies,
        mostly("", "x-app", "Accept-Language", "x-app, origin", "x-other"),
        fc.array(steps, { minLength: 40, maxLength: 80 }),
        async (first, tenants, vary, all) => {
          let serial = 0;
          const { ask, put, clock } = world(
            { [HOST]: first, "other.example.com": first, tenant: tenants },
            {
              origin: (asked) => {
                serial += 1;
                return pageOf(asked, serial, vary);
              },
            },
          );
          const visitors: Visitor[] = [
            { cookie: undefined, user: "u0" },
            { cookie: undefined, user: "u1" },
            { cookie: "session=2", user: "u2" },
            { cookie: "session=3", user: "u3" },
          ];
          for (const step of all) {
            if (step.do === "wait") clock.now += step.ms;
            if (step.do === "publish") {
              put(step.key, step.policy);
              clock.now += FORGOTTEN_MS;
            }
            if (step.do !== "visit") continue;
            const visitor = visitors[step.visitor];
            if (visitor === undefined) throw new Error("nobody");
            const cookie = [visitor.cookie, visitor.sy].filter(Boolean).join("; ");
            const { host, path, method, fields, hidden, forced } = step;
            const headers: Record<string, string> = {
              ...fields,
              "x-user": visitor.user,
              ...(cookie && { cookie }),
              ...(hidden && { connection: hidden }),
              ...(forced && { "x-switchyard-force": forced }),
            };
            const answer = await ask(
              path,
              { method, headers, ...(method === "POST" && { body: "x" }) },
              host,
            );
            const given = answer.headers.getSetCookie().find((one) => one.startsWith("sy="));
            if (given !== undefined) visitor.sy = given.split(";")[0] ?? "";
            if (method === "HEAD" || answer.status !== 200) continue;
            seen.visits += 1;
            seen.hits += answer.asked === 0 ? 1 : 0;
            const page = JSON.parse(answer.text) as Page;
            expect(page.variant).toBe(answer.variant);
            expect(page.route).toBe(answer.headers.get("x-route"));
            expect(page.host).toBe(host);
            const url = new URL(`https://${host}${path}`.replace("/%78", "/x"));
            const forwarded =
              url.pathname.replace(host === NO_KEY ? "/tenant" : "", "") + url.search;
            expect(page.url.replace("/base", "")).toBe(forwarded);
            expect(page.cookie).toBe(answer.asked === 0 ? null : (visitor.cookie ?? null));
            // Whatever the answer says it was chosen by is what this visitor sent.
            FIELDS.forEach((field, index) => {
              if (!vary.toLowerCase().includes(field)) return;
              expect(page.fields[index]).toBe(field === hidden ? null : (fields[field] ?? null));
            });
          }
        },
      ),
      { runs: 50 },
    );
    // A cache that keeps nothing would keep all this too.
    expect(seen.hits).toBeGreaterThan(seen.visits / 10);
  },
  LONG_MS,
);
