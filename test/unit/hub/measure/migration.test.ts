import { expect, test } from "vitest";

import { MIGRATIONS } from "../../../../src/hub/migrations.ts";
import { migrate } from "../../../../src/lib/sql.ts";
import { holding, HubWorld, keysOf } from "../../../support/hub.ts";
import { canary } from "../../../support/measured.ts";
import { Sqlite } from "../../../support/sqlite.ts";

const A = '"https://a.example.com"';

test("a shard of the release before goes on with what it had, and counts nothing twice", async () => {
  const [key = "", other = ""] = keysOf(0, 2);
  const sql = new Sqlite();
  sql.transaction(() => migrate(sql, MIGRATIONS.slice(0, 1)));
  const now = 1_800_000_000_000;
  const minute = Math.floor(now / 60_000);
  sql.exec(
    `INSERT INTO routes (key, version, digest, at, listed, pending, put_at, beaten, beaten_at, splits)
     VALUES (?, 1, 'd', 0, 1, 0, 0, '', 0, 0)`,
    key,
  );
  sql.exec("INSERT INTO counts (minute, key, requests) VALUES (1, ?, 5)", key);
  const packed = {
    isolates: [["i", 7, now]],
    counts: [
      [key, minute, 3],
      ["", minute, 4],
    ],
  };
  sql.exec(
    "INSERT INTO state (id, shard, founded_at, walked_at, after, packed) VALUES (1, 0, 1, 0, '', ?)",
    JSON.stringify(packed),
  );
  const old = new HubWorld(0, {}, sql);
  expect(old.sql.exec("SELECT * FROM counts").toArray()).toEqual([]);
  // The seventh report of this isolate is in what was stored.
  old.report({ sequence: 7, routes: [holding(key, 1, A, 100)], again: true });
  old.report({ sequence: 8, routes: [holding(key, 1, A, 10), holding(other, 1, A, 1)] });
  await old.pass(120_000);
  old.report({ sequence: 9, routes: [holding(key, 1, A, 100)] });
  expect(old.stored(key) + old.stored("")).toBe(118);
});

test("a shard of the release before guards has none, and takes them from what is published next", () => {
  const [key = "", other = ""] = keysOf(0, 2);
  const sql = new Sqlite();
  sql.transaction(() => migrate(sql, MIGRATIONS.slice(0, 3)));
  for (const one of [key, other])
    sql.exec(
      `INSERT INTO routes (key, version, digest, at, listed, pending, put_at, beaten, beaten_at, splits)
       VALUES (?, 1, 'd', 0, 1, 0, 0, '', 0, 1)`,
      one,
    );
  const { core } = new HubWorld(0, {}, sql);
  expect(core.store.head(key)).toMatchObject({ version: 1, guarded: false, silent: false });
  const guard = { checks: [{ metric: "failures", maxIncrease: 1 }] };
  const made = { author: "ada", action: "promote", note: "", silences: true };
  core.publish({ key, version: 2, text: canary(5, { guard }), at: 9, made });
  core.publish({ key: other, version: 2, text: canary(5), at: 9 });
  expect(core.store.head(key)).toMatchObject({ splits: true, guarded: true, silent: true });
  expect(core.store.head(other)).toMatchObject({ splits: true, guarded: false, silent: false });
  expect(core.store.guarded()).toEqual([key]);
  core.publish({ key, version: 3, text: canary(5, { guard }), at: 10 });
  expect(core.store.head(key)).toMatchObject({ guarded: true, silent: false });
  core.publish({ key, version: 4, text: null, at: 11 });
  expect(core.store.guarded()).toEqual([]);
});
