/**
 * A shard's tables, by numbered steps. `routes` has a row for each key that was ever heard of, a
 * deleted one too; its texts stand apart, so that lists pass over none. `state` has one row. The
 * table `counts` is the release before's: it is empty, and stays for one that goes back to it.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE routes (
     id INTEGER PRIMARY KEY,
     key TEXT NOT NULL UNIQUE,
     version INTEGER NOT NULL,
     digest TEXT NOT NULL,
     at INTEGER NOT NULL,
     listed INTEGER NOT NULL,
     pending INTEGER NOT NULL,
     put_at INTEGER NOT NULL,
     by_hand TEXT,
     beaten TEXT NOT NULL,
     beaten_at INTEGER NOT NULL,
     splits INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE texts (
     route INTEGER PRIMARY KEY,
     text TEXT NOT NULL
   ) STRICT;
   CREATE TABLE texts_by_hand (
     route INTEGER PRIMARY KEY,
     text TEXT NOT NULL
   ) STRICT;
   CREATE TABLE created (
     number INTEGER PRIMARY KEY,
     key TEXT NOT NULL
   ) STRICT;
   CREATE TABLE counts (
     minute INTEGER NOT NULL,
     key TEXT NOT NULL,
     requests INTEGER NOT NULL,
     PRIMARY KEY (minute, key)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE state (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     shard INTEGER NOT NULL,
     founded_at INTEGER NOT NULL,
     filled_at INTEGER,
     walked_at INTEGER NOT NULL,
     cursor TEXT,
     after TEXT NOT NULL,
     packed TEXT NOT NULL
   ) STRICT;`,
  `CREATE TABLE budget (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     day INTEGER NOT NULL,
     used INTEGER NOT NULL
   ) STRICT;`,
  `CREATE TABLE minutes (
     id INTEGER PRIMARY KEY,
     minute INTEGER NOT NULL,
     spans TEXT NOT NULL
   ) STRICT;
   CREATE TABLE hours (
     id INTEGER PRIMARY KEY,
     hour INTEGER NOT NULL,
     spans TEXT NOT NULL,
     totals TEXT NOT NULL
   ) STRICT;
   CREATE TABLE experiments (
     id INTEGER PRIMARY KEY,
     route INTEGER NOT NULL,
     name TEXT NOT NULL,
     halvings INTEGER NOT NULL,
     swept INTEGER NOT NULL,
     srm_peak REAL NOT NULL,
     timeline TEXT NOT NULL,
     gone_at INTEGER,
     UNIQUE (route, name)
   ) STRICT;
   CREATE TABLE allocations (
     number INTEGER PRIMARY KEY,
     experiment INTEGER NOT NULL,
     id TEXT NOT NULL,
     label TEXT NOT NULL,
     shares TEXT NOT NULL,
     since INTEGER NOT NULL,
     dropped TEXT NOT NULL,
     UNIQUE (experiment, id)
   ) STRICT;
   CREATE TABLE visitors (
     experiment INTEGER NOT NULL,
     digest TEXT NOT NULL,
     allocation INTEGER NOT NULL,
     variant TEXT NOT NULL,
     kind INTEGER NOT NULL,
     first_seen INTEGER NOT NULL,
     failed INTEGER NOT NULL,
     first_failed INTEGER NOT NULL,
     last_failed INTEGER NOT NULL,
     crossed INTEGER NOT NULL,
     PRIMARY KEY (experiment, digest)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE reached (
     experiment INTEGER NOT NULL,
     digest TEXT NOT NULL,
     goal TEXT NOT NULL,
     count INTEGER NOT NULL,
     value REAL NOT NULL,
     PRIMARY KEY (experiment, digest, goal)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE waiting_goals (
     number INTEGER PRIMARY KEY,
     route INTEGER NOT NULL,
     digest TEXT NOT NULL,
     goal TEXT NOT NULL,
     at INTEGER NOT NULL,
     value REAL NOT NULL,
     until INTEGER NOT NULL,
     done TEXT NOT NULL
   ) STRICT;
   CREATE TABLE goal_ids (
     generation INTEGER NOT NULL,
     route INTEGER NOT NULL,
     goal TEXT NOT NULL,
     id TEXT NOT NULL,
     PRIMARY KEY (generation, route, goal, id)
   ) STRICT, WITHOUT ROWID;
   DELETE FROM counts;`,
  `ALTER TABLE routes ADD COLUMN guarded INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE routes ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX guarded_routes ON routes (key) WHERE guarded = 1;
   CREATE TABLE guards (
     route INTEGER NOT NULL,
     experiment TEXT NOT NULL,
     state TEXT NOT NULL,
     PRIMARY KEY (route, experiment)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE guard_orders (
     route INTEGER NOT NULL,
     experiment TEXT NOT NULL,
     made TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     retry_at INTEGER NOT NULL,
     PRIMARY KEY (route, experiment)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE notices (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL,
     receiver TEXT NOT NULL,
     notice TEXT NOT NULL,
     created INTEGER NOT NULL,
     attempts INTEGER NOT NULL,
     due INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX due_notices ON notices (due);
   CREATE TABLE reminders (
     route INTEGER NOT NULL,
     event TEXT NOT NULL,
     experiment TEXT NOT NULL,
     at INTEGER NOT NULL,
     PRIMARY KEY (route, event, experiment)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX due_reminders ON reminders (at);`,
  `CREATE TABLE sign_in_codes (
     digest TEXT PRIMARY KEY,
     token TEXT NOT NULL,
     until INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  // The action of an order was once called its deed. It stays under that name too, for a release that is gone back to.
  `UPDATE guard_orders
   SET made = json_set(made, '$.order.action', json_extract(made, '$.order.deed'));`,
];
