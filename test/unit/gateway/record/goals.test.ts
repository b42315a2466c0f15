import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { encodeVisitor } from "../../../../src/decide/visitor.ts";
import {
  MAX_FIELD_CHARS,
  MAX_FIELD_GOALS,
  readGoalField,
} from "../../../../src/gateway/record/goal-field.ts";
import { readKey } from "../../../../src/lib/siphash.ts";
import { idCheck, visitorDigest } from "../../../../src/lib/visitor-digest.ts";
import { MAX_GOAL_ID_CHARS } from "../../../../src/report/measured.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { goalsIn, HOST, KEY_TEXT, measured, type Visit } from "./world.ts";

const NOON = Date.UTC(2026, 10, 28, 12);

const KEY = readKey(KEY_TEXT) ?? [];

const ID = "AAAAAAAAAAAAAAAAAAAAAA";

/** Tells of the goals that the query names, and fails on some paths. */
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin("a", (request, response, next) => {
    const url = new URL(request.url ?? "", "http://a.example");
    const goals = url.searchParams.getAll("tell");
    if (goals.length > 0) response.setHeader("x-switchyard-goal", goals);
    if (url.pathname === "/503") response.writeHead(503).end();
    else if (url.pathname === "/304") response.writeHead(304).end();
    else next();
  });
});

afterAll(async () => origin.close());

const GOALS = [
  { name: "purchase", match: { path: "/done", method: "GET" } },
  { name: "error", match: { path: "/503" }, status: ["5xx"] },
  { name: "unchanged", match: { path: "/304" }, status: [304] },
  { name: "moved", match: { path: "/moved" } },
  { name: "revenue", from: "origin", count: "every", cap: 500 },
];

const split = (fields: object = {}) => ({
  strategy: "weighted",
  variants: [
    { name: "a", origin: origin.url, weight: 1 },
    { name: "b", weight: 1, origin: origin.url },
  ],
  sticky: { by: ["cookie"] },
  goals: GOALS,
  ...fields,
});

/** A visitor with a good id. */
const known = (more: Readonly<Record<string, string>> = {}): Visit => {
  const visitor = { id: ID, check: idCheck(KEY, ID), seenAt: NOON, sentAt: NOON, pins: [] };
  return { headers: { cookie: `sy=${encodeVisitor(visitor)}`, ...more } };
};

const digestOf = (visitor: string) => visitorDigest(KEY, HOST, visitor);

/** What is told of goals after these requests, each as `path` or with what it says. */
async function told(policy: object, ...visits: readonly (readonly [path: string, visit: Visit])[]) {
  const world = measured({ [HOST]: policy });
  for (const [path, visit] of visits) await world.visit(path, visit);
  const reports = await world.reports();
  const unattributed = reports.flatMap(({ routes }) =>
    routes.flatMap((route) => route.unattributed ?? []),
  );
  return {
    goals: goalsIn(reports),
    unattributed: unattributed.map(
      ({ experiment, goal, count }) => `${experiment} ${goal} ${count}`,
    ),
  };
}

describe("a goal is reached", () => {
  test.each([
    ["/done", "purchase"],
    ["/503", "error"],
    ["/304", "unchanged"],
  ])("by a request for %s: %s", async (path, goal) => {
    const { goals, unattributed } = await told(split(), [path, known()]);
    expect(goals).toEqual([{ goal, digest: digestOf(ID), at: NOON }]);
    expect(unattributed).toEqual([]);
  });

  test.each<[string, string, Visit]>([
    ["another path", "/other", known()],
    ["another method", "/done", { ...known(), method: "POST" }],
    ["a prefetch", "/done", known({ "sec-purpose": "prefetch" })],
    ["a client that says so itself", "/other", known({ "x-switchyard-goal": "revenue" })],
    ["an origin that names it, though it is one of requests", "/?tell=purchase", known()],
    ["an origin that names what nobody declared", "/?tell=fame", known()],
  ])("by no request with %s", async (_what, path, visit) => {
    expect(await told(split(), [path, visit])).toEqual({ goals: [], unattributed: [] });
  });

  test("only with a status that it names", async () => {
    const goals = [{ name: "purchase", match: { path: "/503" } }];
    expect((await told(split({ goals }), ["/503", known()])).goals).toEqual([]);
  });

  test("by a redirect, and on a path that no split decides", async () => {
    const policy = {
      strategy: "path-map",
      goals: GOALS,
      paths: {
        "/shop": split({ goals: undefined }),
        "/moved": { strategy: "redirect", scheme: "http" },
        "/done": origin.url,
      },
    };
    const { goals } = await told(policy, ["/moved", known()], ["/done", known()]);
    expect(goals.map(({ goal }) => goal)).toEqual(["moved", "purchase"]);
  });

  test("by no preflight", async () => {
    const policy = split({
      cors: { origins: ["*"] },
      goals: [{ name: "any", match: { path: "/*" } }],
    });
    const headers = { origin: "https://page.example", "access-control-request-method": "PUT" };
    const asking = { ...known(headers), method: "OPTIONS" };
    expect(await told(policy, ["/", asking])).toEqual({ goals: [], unattributed: [] });
  });
});

describe("whose goal it is", () => {
  test("nobody's without an identity, for each split", async () => {
    expect(await told(split(), ["/done", {}], ["/done", {}])).toEqual({
      goals: [],
      unattributed: [`${HOST} purchase 2`],
    });
  });

  test("nobody's where the id has no good check, or there is no key", async () => {
    const forged = {
      headers: { cookie: known().headers?.["cookie"]?.replace(ID, "B".repeat(22)) ?? "" },
    };
    expect(await told(split(), ["/done", forged])).toEqual({
      goals: [],
      unattributed: [`${HOST} purchase 1`],
    });
    const world = measured({ [HOST]: split() }, {});
    await world.visit("/done", known());
    const [route] = (await world.reports()).flatMap(({ routes }) =>
      routes.filter(({ unattributed }) => unattributed),
    );
    expect(route?.unattributed).toHaveLength(1);
    expect(route?.goals).toBeUndefined();
  });

  test("nobody's without the consent that the split asks for", async () => {
    const policy = split({ consent: { cookie: "ok" } });
    expect((await told(policy, ["/done", known()])).unattributed).toHaveLength(1);
    const agreed = known();
    const cookie = `${agreed.headers?.["cookie"] ?? ""}; ok=1`;
    expect((await told(policy, ["/done", { headers: { cookie } }])).goals).toHaveLength(1);
  });

  test("a fresh visitor's, on a navigation that gives the id", async () => {
    const { goals } = await told(split(), ["/done", { headers: { "sec-fetch-dest": "document" } }]);
    expect(goals).toHaveLength(1);
    const none = await told(split(), ["/done", { headers: { "sec-fetch-dest": "empty" } }]);
    expect(none.unattributed).toHaveLength(1);
  });

  test("nobody's with a fresh id that the answer does not give", async () => {
    const policy = {
      strategy: "path-map",
      goals: GOALS,
      paths: { "/shop": split({ goals: undefined }), "/done": origin.url },
    };
    const { goals, unattributed } = await told(policy, [
      "/done",
      { headers: { "sec-fetch-dest": "document" } },
    ]);
    expect(goals).toEqual([]);
    expect(unattributed).toHaveLength(1);
  });

  test("each split's own, told once for those that know visitors alike", async () => {
    const within = (salt: string, sticky: object) => split({ goals: undefined, salt, sticky });
    const policy = {
      strategy: "path-map",
      goals: GOALS,
      paths: {
        "/one": within("one", { by: ["cookie"] }),
        "/two": within("two", { by: ["cookie"] }),
        "/three": within("three", { by: [{ header: "x-user" }] }),
        "/four": within("four", { by: [{ header: "x-nobody" }] }),
        "/five": within("five", { by: ["ip"] }),
        "/done": origin.url,
      },
    };
    const { goals, unattributed } = await told(policy, [
      "/done",
      known({ "x-user": "anna", "cf-connecting-ip": "192.0.2.1" }),
    ]);
    expect(goals.map(({ digest }) => digest)).toEqual([digestOf(ID), digestOf("anna")]);
    expect(unattributed).toEqual(["four purchase 1", "five purchase 1"]);
  });

  test("told once where two ways of knowing visitors find the same one", async () => {
    const within = (salt: string, by: unknown[]) =>
      split({ goals: undefined, salt, sticky: { by } });
    const policy = {
      strategy: "path-map",
      goals: GOALS,
      paths: {
        "/one": within("one", [{ header: "x-user" }]),
        "/two": within("two", [{ header: "x-user" }, "cookie"]),
        "/": origin.url,
      },
    };
    const visit = known({ "x-user": "anna" });
    const { goals } = await told(policy, ["/?tell=revenue", visit]);
    expect(goals.map(({ digest }) => digest)).toEqual([digestOf("anna")]);
  });

  test("told once where it counts once, and each time where each counts", async () => {
    const done = ["/done", known()] as const;
    const paid = ["/?tell=revenue", known()] as const;
    const { goals } = await told(split(), done, done, paid, paid);
    expect(goals.map(({ goal }) => goal)).toEqual(["purchase", "revenue", "revenue"]);
  });

  test("told once for one id", async () => {
    const paid = ["/?tell=revenue;id=1", known()] as const;
    const { goals } = await told(split(), paid, paid, ["/?tell=revenue;id=2", known()]);
    expect(goals.map(({ id }) => id)).toEqual(["1", "2"]);
  });
});

describe("what an origin says", () => {
  test("is told with value and id, on any answer", async () => {
    const paid = encodeURIComponent("revenue; value=49.90; id=order-17");
    for (const path of ["/", "/503", "/304"])
      expect((await told(split(), [`${path}?tell=${paid}`, known()])).goals.at(-1)).toEqual({
        goal: "revenue",
        digest: digestOf(ID),
        at: NOON,
        value: 49.9,
        id: "order-17",
      });
  });

  test.each([["200"], ["503"], ["304"]])("never reaches a client: %s", async (path) => {
    for (const policy of [split(), split({ goals: undefined }), { origin: origin.url }]) {
      const world = measured({ [HOST]: policy });
      const response = await world.visit(`/${path}?tell=revenue`, known());
      expect(response.headers.has("x-switchyard-goal")).toBe(false);
    }
  });

  test.each([
    ["revenue", [{ goal: "revenue" }]],
    ["revenue; value=0", [{ goal: "revenue", value: 0 }]],
    ["Revenue;VALUE=1e2", [{ goal: "Revenue", value: 100 }]],
    ["revenue; value=-1", [{ goal: "revenue" }]],
    ["revenue; value=NaN", [{ goal: "revenue" }]],
    ["revenue; value=Infinity", [{ goal: "revenue" }]],
    ["revenue; value=", [{ goal: "revenue" }]],
    ["revenue; value=much; id=7", [{ goal: "revenue", id: "7" }]],
    ["revenue; id=", [{ goal: "revenue" }]],
    ["revenue; id=a=b", [{ goal: "revenue", id: "a=b" }]],
    ["a, b;value=2 ,,c", [{ goal: "a" }, { goal: "b", value: 2 }, { goal: "" }, { goal: "c" }]],
  ])("is read: %s", (field, expected) => {
    expect(readGoalField(field)).toEqual(expected);
  });

  test("is read within its bounds", () => {
    const many = Array.from({ length: MAX_FIELD_GOALS + 1 }, (_, index) => `g${index}`).join(",");
    expect(readGoalField(many)).toHaveLength(MAX_FIELD_GOALS);
    expect(readGoalField(`g; id=${"x".repeat(MAX_GOAL_ID_CHARS)}`)[0]?.id).toHaveLength(
      MAX_GOAL_ID_CHARS,
    );
    const long = readGoalField(`g; id=${"x".repeat(MAX_GOAL_ID_CHARS + 1)}`)[0];
    expect(long?.id).toBe("x".repeat(MAX_GOAL_ID_CHARS));
    expect(readGoalField(`${"x".repeat(MAX_FIELD_CHARS)}, late`)).toHaveLength(1);
    expect(readGoalField(`${"x".repeat(MAX_FIELD_CHARS - 6)}, late`)).toHaveLength(2);
  });
});
