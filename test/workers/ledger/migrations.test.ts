import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/ledger/migrations.ts";
import { Store } from "../../../src/ledger/store.ts";

function ledger(key: string) {
  const stub = env.LEDGER?.getByName(key);
  if (stub === undefined) throw new Error("no binding");
  return stub;
}

const A = '"https://a.example.com"';
const B = '"https://b.example.com"';

describe("an object of an earlier release", () => {
  it("brings tables of an earlier release up to date, and loses nothing", async () => {
    await runInDurableObject(ledger("migrated"), async (_, state) => {
      const { sql } = state.storage;
      migrate(sql, 1);
      sql.exec("INSERT INTO publication VALUES (1, 'migrated', 1, 5, 0, NULL, 0, 0)");
      sql.exec("INSERT INTO versions VALUES (1, ?, 'ann', 5, '', 'put')", A);
      const store = new Store(sql);
      expect(store.latest()).toMatchObject({ version: 1, text: A });
      expect(store.publication()).toMatchObject({ published: 1, seen: "", replaced: "" });
      expect(new Store(sql).publication()).toEqual(store.publication());
    });
  });

  it("reads tables in which an action was still called a deed, and lets an earlier release read its own", async () => {
    await runInDurableObject(ledger("deeds"), async (_, state) => {
      const { sql } = state.storage;
      migrate(sql, 2);
      sql.exec("INSERT INTO publication VALUES (1, 'deeds', 2, 5, 0, NULL, 0, 0, '', '')");
      sql.exec(
        "INSERT INTO versions (version, text, author, at, note, deed) VALUES (1, ?, 'ann', 5, '', 'adopt'), (2, ?, 'bob', 6, 'why', 'abort')",
        A,
        B,
      );
      sql.exec(
        "INSERT INTO audit (at, actor, deed, version, note, detail) VALUES (6, 'bob', 'abort', 2, 'why', '{}')",
      );
      const store = new Store(sql);
      expect(store.latest()).toEqual({
        version: 2,
        text: B,
        author: "bob",
        at: 6,
        note: "why",
        action: "abort",
      });
      expect(store.isAdopted(A)).toBe(true);
      expect(store.audit(9, 9).items).toMatchObject([{ actor: "bob", action: "abort" }]);
      store.addAudit({ at: 7, actor: "eve", action: "force", version: 2, note: "", detail: "" });
      const old = sql.exec("SELECT deed FROM audit ORDER BY id").toArray();
      expect(old).toEqual([{ deed: "abort" }, { deed: "force" }]);
      expect(new Store(sql).latest()).toEqual(store.latest());
    });
  });
});
