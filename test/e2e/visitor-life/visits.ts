import { expect } from "vitest";

import { decodeVisitor } from "../../../src/decide/visitor.ts";
import type { Visit } from "../../support/jar.ts";
import { STRANGER, promised, saltOf, type Asked, type Person, type Promised } from "./oracle.ts";
import { nameOf, type Operated } from "./policy.ts";
import type { World } from "./world.ts";

/** Everything the model knows. */
export interface Model {
  policy: Operated;
  readonly people: Person[];
  /** Reasons met, so that a test can tell whether it saw life. */
  readonly met: Set<string>;
}

/** What may be wrong with a link. */
export const FAULTS = ["expired", "forged", "other-route", "unknown-variant"] as const;

export interface VisitPlan {
  readonly visitor: number;
  readonly link?: {
    readonly variant: number;
    readonly fault?: (typeof FAULTS)[number] | undefined;
  };
  readonly isBot?: boolean;
  readonly isBeta?: boolean;
}

const CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** A parameter of the site's own that a parser would write otherwise. */
const QUERY = "?a=%20b";

function expectAnswer(answer: Visit, { variant, reason }: Promised): void {
  const echo = answer.echo();
  expect({
    variant: answer.header("x-variant"),
    told: echo.headers["x-switchyard-variant"]?.[0],
    reason: answer.header("x-reason"),
    url: echo.url,
  }).toEqual({ variant, told: variant, reason, url: `/page${QUERY}` });
  expect(echo.headers["cookie"]?.join() ?? "").not.toMatch(/sy/);
}

/** One page view: the Worker's answer against the model's, then the model's own next state. */
export async function visits(model: Model, world: World, plan: VisitPlan): Promise<void> {
  const { visitor, link, isBot = false, isBeta = false } = plan;
  const person = model.people[visitor] ?? STRANGER;
  const named = nameOf(model.policy, link?.variant ?? 0);
  const fault = link?.fault;
  const token = link && (await world.token(fault === "unknown-variant" ? "nobody" : named, fault));
  const asked: Asked = {
    now: Date.now(),
    key: world.key,
    isBot,
    isBeta,
    link: link && (fault === undefined ? { variant: named } : { fault }),
  };
  const answer = await world.visit(visitor, QUERY + (token === undefined ? "" : `&sy=${token}`), {
    "user-agent": isBot ? CRAWLER : BROWSER,
    ...(isBeta ? { "x-beta": "1" } : {}),
  });

  const cookie = await world.cookie(visitor, "sy");
  const known = cookie === undefined ? undefined : decodeVisitor(cookie);
  const expected = promised(model.policy, person, asked, known?.id ?? "");
  expectAnswer(answer, expected);

  const isNew = expected.identifies && person.id === undefined;
  const begins = expected.reason === "override" && token !== undefined;
  const set = (answer.headers["set-cookie"] ?? []).map((line) => line.split("=", 1)[0]);
  expect(set).toEqual([
    ...(isNew || expected.pin !== undefined ? ["sy"] : []),
    ...(begins ? ["sy-override"] : []),
  ]);
  expect(known?.id).toEqual(isNew ? expect.stringMatching(/^[\w-]{22}$/) : person.id);

  const salt = saltOf(model.policy, world.key);
  model.people[visitor] = {
    ...person,
    id: known?.id,
    seenMs: isNew ? Date.now() : person.seenMs,
    pins: expected.pin === undefined ? person.pins : new Map(person.pins).set(salt, expected.pin),
    session: begins ? expected.variant : person.session,
  };
  model.met.add(expected.reason);
}
