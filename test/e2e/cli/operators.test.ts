import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy as typed, type Outcome } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  control = await startApi();
});
afterAll(async () => control.close());
beforeEach(async () => {
  work = await folder();
  return async () => work.remove();
});

const sy = async (...argv: string[]): Promise<Outcome> =>
  typed(
    { cwd: work.cwd, env: { SY_URL: control.url, SY_TOKEN: TOKENS.write }, now: Date.now },
    ...argv,
  );
async function well(...argv: string[]): Promise<string> {
  const outcome = await sy(...argv);
  expect({ argv, ...outcome }).toMatchObject({ argv, code: 0 });
  return outcome.out;
}
const canary = (percent: number) =>
  `# Carefully\nstrategy: canary\nstable: https://v1.example.com\ncanary: https://v2.example.com\npercent: ${percent} # of all\n`;
const BY_HAND = { strategy: "single", origin: "https://o.example.com" };
const write = async (file: string, text: string) => writeFile(join(work.cwd, file), text);
const read = async (file: string) => readFile(join(work.cwd, file), "utf8");

test("diff compares files with what is live, and versions with each other", async () => {
  await write("differ.yaml", canary(5));
  const unknown = await sy("diff", "differ.yaml");
  expect(unknown).toMatchObject({
    code: 2,
    out: "+ differ  has no version there\n1 of 1 differ from what is live\n",
  });
  await well("apply", "differ.yaml");
  expect(await well("diff", ".")).toBe("0 of 1 differ from what is live\n");
  await write("differ.yaml", canary(25));
  expect(await sy("diff", "differ.yaml")).toMatchObject({
    code: 2,
    out: "~ differ  from version 1\n  ~ $.percent: 5 → 25\n1 of 1 differ from what is live\n",
  });
  const json = JSON.parse((await sy("diff", "differ.yaml", "--json")).out) as object;
  expect(json).toMatchObject({ changes: true, routes: [{ key: "differ", version: 1 }] });
  await well("apply", "differ.yaml");
  const versions = await sy("diff", "differ");
  expect(versions.code).toBe(2);
  expect(versions.out).toMatch(
    /^differ {2}from version 1 to 2\n {2}~ \$\.percent: 5 → 25\n {2}\/ /,
  );
  expect(await well("diff", "differ", "--from", "2", "--to", "2")).toBe(
    "differ  from version 2 to 2\n  no difference\n",
  );
  expect(await sy("diff", "--from", "1")).toMatchObject({ code: 64 });
  expect(await sy("diff", "differ", "--to", "-1")).toMatchObject({ code: 64 });
  expect(await sy("diff", "nowhere")).toMatchObject({ code: 1 });
});

test("audit tells who did what to which route since when", async () => {
  await write("one.yaml", canary(5));
  await write("two.yaml", canary(5));
  await well("apply", "one.yaml", "--note", "the first");
  await well("apply", "two.yaml", "--note", "\u001B[2Jthe second");
  await well("abort", "one");
  const out = await well("audit", "--prefix", "one");
  expect(out).toMatch(/^when +route +version +action +author +why\n\S+Z +one +2 +abort +write/);
  expect(out).toMatch(/one +1 +apply +write +the first\n/);
  const all = await sy("audit");
  expect(all.out).toContain("�[2Jthe second");
  const lines = all.out.trim().split("\n").slice(1);
  expect(lines).toEqual(lines.toSorted().toReversed());
  expect((await sy("audit", "-n", "1")).out.trim().split("\n")).toHaveLength(2);
  expect((await sy("audit", "-n", "1")).err).toMatch(/^\d+ earlier ones are not shown: --limit\n$/);
  const none = JSON.parse(await well("audit", "--since", "+1m", "--json")) as {
    entries: unknown[];
  };
  expect(none.entries).toEqual([]);
  expect(await well("audit", "--author", "read")).not.toContain("one");
  await well("delete", "one", "--note", "over");
  expect(await well("audit", "one", "--since", "2000-01-01T00:00:00Z")).toContain("over");
  expect(await sy("audit", "--since", "yesterday")).toMatchObject({ code: 64 });
  expect(await sy("audit", "nowhere")).toMatchObject({ code: 1 });
});

test("pull makes files of routes, changes only what nobody changed here, and does nothing twice", async () => {
  await write("pulled-a.yaml", canary(5));
  await write("pulled-b.yaml", canary(5));
  await well("apply", ".");
  await well("promote", "pulled-a", "--to", "30");
  const pull = async (...argv: string[]) => sy("pull", ".", "--prefix", "pulled-", ...argv);
  expect((await pull("--dry-run")).out).toBe(
    "~ pulled-a.yaml  now version 2\n1 updated, 1 unchanged; nothing was written\n",
  );
  expect(await read("pulled-a.yaml")).toBe(canary(5));
  expect(await pull()).toMatchObject({ code: 0, err: "" });
  expect(await read("pulled-a.yaml")).toBe(canary(30));
  expect(await read("pulled-b.yaml")).toBe(canary(5));
  expect((await pull()).out).toBe("2 unchanged\n");

  await write("pulled-b.yaml", canary(77));
  await well("promote", "pulled-b", "--to", "10");
  const refused = await pull();
  expect(refused.code).toBe(1);
  expect(refused.out).toContain("! pulled-b.yaml  says what none of the newest 20 versions says: ");
  expect(await read("pulled-b.yaml")).toBe(canary(77));
  expect((await pull("--overwrite")).out).toBe(
    "~ pulled-b.yaml  now version 2\n1 updated, 1 unchanged\n",
  );
  expect(await read("pulled-b.yaml")).toBe(canary(10));

  await write("pulled-b.yaml", "strategy: [");
  expect((await pull()).out).toContain("! pulled-b.yaml  is not valid: left alone");
  await control.put("pulled-by-hand", "https://o.example.com");
  expect((await pull("--overwrite")).out).toContain("pulled-by-hand  only KV has it");
  expect(await well("pull", "fresh", "--prefix", "pulled-a")).toBe(
    "+ fresh/pulled-a.json  version 2\n1 new\n",
  );
  expect(await readdir(join(work.cwd, "fresh"))).toEqual(["pulled-a.json"]);
  expect(await well("diff", "fresh")).toBe("0 of 1 differ from what is live\n");
});

test("adopt --all takes in all that was put by hand, and deletes nothing", async () => {
  await write("hand-a.yaml", canary(5));
  await write("hand-c.yaml", canary(5));
  await well("apply", ".");
  await control.put("hand-a", BY_HAND);
  await control.put("hand-b", BY_HAND);
  const all = async (...argv: string[]) => sy("adopt", "--all", "--prefix", "hand-", ...argv);
  const { code, out } = await all("--note", "by night");
  expect({ code, out }).toEqual({
    code: 0,
    out: "hand-a  version 2\nhand-b  version 1\n2 adopted\n",
  });
  expect(await well("get", "hand-b")).toContain("https://o.example.com");
  expect(await well("audit", "hand-a")).toContain("by night");
  expect(await all()).toMatchObject({ code: 0, out: "0 adopted\n" });
  await control.put("hand-b", "not a policy");
  const failed = await all("--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out)).toMatchObject({
    routes: [{ key: "hand-b", error: {} }],
    left: [],
  });
  expect(await sy("adopt")).toMatchObject({ code: 64 });
  expect(await sy("adopt", "hand-a", "--all")).toMatchObject({ code: 64 });
  expect(await all("--if-version", "1")).toMatchObject({ code: 64 });
});
