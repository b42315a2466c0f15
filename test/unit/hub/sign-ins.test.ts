import { beforeEach, expect, test } from "vitest";

import { MIGRATIONS } from "../../../src/hub/migrations.ts";
import { SignIns } from "../../../src/hub/sign-ins.ts";
import { migrate } from "../../../src/lib/sql.ts";
import { Sqlite } from "../../support/sqlite.ts";

const NOW = 1_000_000;

let sql: Sqlite;
let now: number;
let signIns: SignIns;

beforeEach(() => {
  sql = new Sqlite();
  migrate(sql, MIGRATIONS);
  now = NOW;
  signIns = new SignIns({ sql, transaction: (work) => sql.transaction(work), now: () => now });
});

const keep = (digest: string, more: { token?: string; until?: number } = {}) =>
  signIns.keep({ digest, token: "t", until: NOW + 600, ...more });

const left = () =>
  sql
    .exec<{ digest: string }>("SELECT digest FROM sign_in_codes ORDER BY digest")
    .toArray()
    .map(({ digest }) => digest);

test("a code is given once, and nothing is left of it", () => {
  keep("a", { token: "ann" });
  keep("b", { token: "ben" });
  expect(signIns.take("b")).toBe("ben");
  expect(signIns.take("b")).toBeUndefined();
  expect(signIns.take("none")).toBeUndefined();
  expect(left()).toEqual(["a"]);
});

test.each([
  [NOW + 599, "t"],
  [NOW + 600, undefined],
])("at %i a code that is good until 1000600 gives %s, and is used up", (at, token) => {
  keep("a");
  now = at;
  expect(signIns.take("a")).toBe(token);
  expect(left()).toEqual([]);
});

test("codes that are over go with the next one", () => {
  keep("a", { until: NOW + 1 });
  keep("b", { until: NOW + 2 });
  now = NOW + 1;
  keep("c");
  expect(left()).toEqual(["b", "c"]);
});

test("sixteen codes of one token wait, and of more the oldest go; others' stay", () => {
  const name = (n: number) => `code-${String(n).padStart(2, "0")}`;
  keep("other", { token: "other", until: NOW + 1 });
  for (let n = 0; n < 16; n += 1) keep(name(n), { until: NOW + 100 + n });
  expect(signIns.take(name(0))).toBe("t");
  keep(name(0), { until: NOW + 100 });
  keep(name(16), { until: NOW + 200 });
  expect(left()).toEqual([...Array.from({ length: 16 }, (_, n) => name(n + 1)), "other"]);
});
