/**
 * A shard's tables, by numbered steps. `routes` has a row for each key that was ever heard of, a
 * deleted one too; its texts stand apart, so that lists pass over none. `state` has one row.
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
];
