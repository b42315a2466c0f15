import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy as typed } from "../../unit/cli/shell.ts";
import { counted, type Counted } from "./counting.ts";
import { startApi, TOKENS } from "./gateway.ts";
import { SY, sy } from "./typed.ts";

/** Imported, some of them before the import is killed. */
const ROUTES = 60;
/** Put to KV by hand, which takes a tenth of the time: with them it is more than one page of an export. */
const BY_HAND = 160;
/** Of an import as many requests are answered at once; the next few once it is time for a checkpoint, and then none. */
const [AT_ONCE, IN_TIME] = [30, 34];
/** Longer than an import goes on without a checkpoint (ms). */
const CHECKPOINT_MS = 1100;
const LONG_MS = 120_000;

const lines = Array.from({ length: ROUTES }, (_, n) => {
  const key = `t${String(n).padStart(4, "0")}${n % 2 === 0 ? "" : ".example.com"}`;
  return JSON.stringify({ key, policy: { origin: `https://o${n}.example.com` } });
});

const byHand = Array.from({ length: BY_HAND }, (_, n) => ({
  key: `h${String(n).padStart(4, "0")}`,
  policy: { origin: `https://h${n}.example.com` },
}));

let control: TestControl;
let wire: Counted;
/** Holds a request back for as long as a test wants. */
let hold: () => Promise<void> = () => Promise.resolve();
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  control = await startApi();
  wire = await counted(control.url, () => hold());
  work = await folder({ "routes.ndjson": `${lines.join("\n")}\n` });
});
afterAll(async () => {
  await wire.close();
  await control.close();
  await work.remove();
});

const here = () => ({
  cwd: work.cwd,
  env: { SY_URL: wire.url, SY_TOKEN: TOKENS.write },
});

// Who is killed and who speaks through a pipe is a process, as at a user's; `typed` says the same in this one, in a tenth of the time.

/** Starts `sy`, kills it as the kernel would once `ready` holds, and gives what it left behind. */
async function killed(ready: () => Promise<boolean>, ...args: string[]): Promise<void> {
  const { cwd, env } = here();
  const [node, script] = SY;
  const child = spawn(node, [script, ...args], { cwd, env: { ...process.env, ...env } });
  const exited = once(child, "exit");
  await vi.waitFor(async () => expect(await ready()).toBe(true), { timeout: 60_000, interval: 20 });
  child.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
  hold = () => Promise.resolve();
}

const forever = async (): Promise<void> => new Promise(() => {});

async function offsetIn(checkpoint: string): Promise<number> {
  const text = await readFile(join(work.cwd, checkpoint), "utf8").catch(() => "{}");
  return (JSON.parse(text) as { offset?: number }).offset ?? 0;
}

describe("import and export of many routes", () => {
  test(
    "an import that is killed goes on where it was, and brings every route in once",
    async () => {
      const checkpoint = "routes.ndjson.import-checkpoint";
      let asked = 0;
      let due: Promise<void> | undefined;
      hold = async () => {
        const nth = (asked += 1);
        due ??= sleep(CHECKPOINT_MS);
        if (nth > IN_TIME) await forever();
        if (nth > AT_ONCE) await due;
      };
      await killed(async () => (await offsetIn(checkpoint)) > 0, "import", "routes.ndjson");
      const offset = await offsetIn(checkpoint);
      const size = lines.join("\n").length + 1;
      expect(offset).toBeLessThan(size);

      const rest = await sy(here(), "import", "routes.ndjson", "--json");
      expect(rest).toMatchObject({ code: 0 });
      const counts = JSON.parse(rest.out) as Record<string, number>;
      // It did not begin anew: what stands before the checkpoint was not asked for again.
      const before = `${lines.join("\n")}\n`.slice(0, offset).split("\n").length - 1;
      expect(counts).toMatchObject({ replaced: 0, refused: 0 });
      expect((counts["created"] ?? 0) + (counts["same"] ?? 0)).toBe(ROUTES - before);
      expect(rest.err).toContain(`imported ${ROUTES} routes`);
      expect(await offsetIn(checkpoint)).toBe(0);
      const listed = JSON.parse((await typed(here(), "list", "--json")).out) as {
        version: number;
      }[];
      expect(listed).toHaveLength(ROUTES);
      expect(new Set(listed.map(({ version }) => version))).toEqual(new Set([1]));
    },
    LONG_MS,
  );

  test(
    "an export that is killed goes on where it was, and holds every route once, in the order of keys",
    async () => {
      const checkpoint = "out.ndjson.export-checkpoint";
      await Promise.all(byHand.map(async ({ key, policy }) => control.put(key, policy)));
      hold = async () => ((await offsetIn(checkpoint)) > 0 ? forever() : undefined);
      await killed(async () => (await offsetIn(checkpoint)) > 0, "export", "out.ndjson");
      expect(await sy(here(), "export", "out.ndjson")).toMatchObject({ code: 0 });
      const text = await readFile(join(work.cwd, "out.ndjson"), "utf8");
      const found = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { key: string; policy: unknown });
      expect(found.map(({ key, policy }) => JSON.stringify({ key, policy }))).toEqual(
        [...byHand.map((route) => JSON.stringify(route)), ...lines].toSorted(),
      );
      expect(await typed(here(), "export", "out.ndjson")).toMatchObject({
        code: 1,
        err: 'sy: "out.ndjson" is there already; remove it, or choose another name\n',
      });
    },
    LONG_MS,
  );

  test(
    "what export writes import takes: through a pipe, into an empty gateway",
    async () => {
      const written = await sy(here(), "export", "--prefix", "t001");
      expect(written.out.trimEnd().split("\n")).toHaveLength(10);
      const other = await startApi();
      const there = { cwd: work.cwd, env: { SY_URL: other.url, SY_TOKEN: TOKENS.write } };
      const taken = await sy({ ...there, stdin: written.out }, "import", "-", "--json");
      expect(JSON.parse(taken.out)).toEqual({ created: 10, replaced: 0, same: 0, refused: 0 });
      expect((await typed(there, "export")).out).toBe(written.out);
      await other.close();
    },
    LONG_MS,
  );

  test("a route that says something else is left alone unless it may be replaced, and bad lines are told", async () => {
    const text = [
      '{"key":"t0000","policy":{"origin":"https://other.example.com"}}',
      '{"key":"fresh","policy":{"origin":"ftp://x"}}',
      "nonsense",
      lines[4],
    ].join("\n");
    const left = await typed({ ...here(), stdin: text }, "import", "-");
    expect(left.code).toBe(1);
    expect(left.err).toContain(
      'line 1: "t0000" is there already, with another policy; add --replace\n',
    );
    expect(left.err).toContain(
      'line 2: $.origin: "origin" is not an origin: it has the scheme "ftp"; use',
    );
    expect(left.err).toContain('line 3: is not a route; write {"key": …, "policy": …}\n');
    expect(left.err).toContain("0 created, 0 replaced, 1 same, 3 refused\n");
    // What was refused has not come in.
    expect(left.err).toMatch(/^imported 1 route, /m);
    const replaced = await typed({ ...here(), stdin: text }, "import", "-", "--replace", "--json");
    expect(JSON.parse(replaced.out)).toEqual({ created: 0, replaced: 1, same: 1, refused: 2 });
  });

  test("a token that may not write ends it at once, and another file of the same name is begun anew", async () => {
    const reader = { ...here(), env: { SY_URL: wire.url, SY_TOKEN: TOKENS.read } };
    const refused = await typed(reader, "import", "routes.ndjson");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("ask for a token whose role and scope allow it");
    // What it has come to by then is kept for the next run.
    expect(await offsetIn("routes.ndjson.import-checkpoint")).toBe(0);
    // Another file of the same name is not gone on with somewhere in its middle.
    await appendFile(join(work.cwd, "routes.ndjson"), "\n");
    const changed = await typed(here(), "import", "routes.ndjson");
    expect(changed.err).toContain(
      '"routes.ndjson" has changed since an import of it was cut off; remove',
    );
    await rm(join(work.cwd, "routes.ndjson.import-checkpoint"));
    expect((await typed(here(), "import", "routes.ndjson")).err).toContain(
      `0 created, 0 replaced, `,
    );
  });
});
