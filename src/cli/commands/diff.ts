import { resolve } from "node:path";

import type { Client } from "../../api/client/ask.ts";
import { diffVersions, findRoute } from "../../api/client/reads.ts";
import { diff as compare, type Change } from "../../policy/diff.ts";
import { accessFor } from "../access/access.ts";
import type { GoodFile } from "../source/report.ts";
import { command } from "../command.ts";
import { EXIT, usage } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import { print, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { renderChange, renderPlan } from "../text/planned.ts";
import { style } from "../text/style.ts";
import { pooled } from "../transfer/pool.ts";

/** Routes compared at once. */
const CONCURRENCY = 8;

/** How a file and the newest version of its route differ; no version where there is no such route. */
interface Compared {
  readonly key: string;
  readonly version: number | null;
  readonly changes: readonly Change[];
}

async function compared(client: Client, files: ReadonlyMap<string, GoodFile>): Promise<Compared[]> {
  const all: Compared[] = [];
  await pooled(files, CONCURRENCY, async ([key, { policy }]) => {
    const route = await findRoute(client, key);
    const isThere = route !== undefined && route.policy !== null;
    all.push({
      key,
      version: isThere ? route.version : null,
      changes: isThere ? compare(route.policy, policy) : [],
    });
  });
  return all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

const differs = ({ version, changes }: Compared): boolean => version === null || changes.length > 0;

function render(io: Io, { key, version, changes }: Compared): string[] {
  const name = style(io, "bold", key);
  if (version === null) return [`${style(io, "green", "+")} ${name}  has no version there`];
  return [
    `${style(io, "yellow", "~")} ${name}  from version ${version}`,
    ...changes.map((change) => `  ${renderChange(io, change)}`),
  ];
}

interface Wanted {
  readonly json: boolean | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

async function versions(io: Io, client: Client, key: string, { json, ...asked }: Wanted) {
  const number = (option: string, text: string | undefined, least: number) =>
    text === undefined ? undefined : wholeOf(option, text, least, Number.MAX_SAFE_INTEGER);
  const [from, to] = [number("--from", asked.from, 0), number("--to", asked.to, 1)];
  const { key: _key, ...found } = await diffVersions(client, key, { from, to });
  if (json === true) printJson(io, { key, ...found });
  else {
    print(io, `${style(io, "bold", key)}  from version ${found.from} to ${found.to}`);
    print(io, ...renderPlan(io, found));
    if (found.changes.length === 0) print(io, "  no difference");
  }
  return found.changes.length > 0 ? EXIT.changes : EXIT.ok;
}

async function isPath(io: Io, target: string): Promise<boolean> {
  return (
    /\.(?:json|ya?ml)$/i.test(target) || (await statIfThere(resolve(io.cwd, target))) !== undefined
  );
}

export const diff = command({
  name: "diff",
  description:
    "Compare files with what is live, or two versions of a route; exits with 2 if they differ",
  args: {
    target: {
      type: "positional",
      required: false,
      description: "A file, a folder (default: that of the settings), or a route's key",
    },
    from: {
      type: "string",
      description: "Of a key: the earlier version (default: the one before)",
    },
    to: { type: "string", description: "Of a key: the later version (default: the newest)" },
    key: { type: "string", description: "The route of a single file (default: the file's name)" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const { target, from, to, json } = args;
    const isVersions = from !== undefined || to !== undefined;
    if (isVersions && target === undefined)
      throw usage(
        "--from and --to are versions of a route",
        "name it: sy diff KEY --from 1 --to 2",
      );
    if (target !== undefined && (isVersions || !(await isPath(io, target)))) {
      const client = connect(await accessFor(io, args));
      return versions(io, client, checkedKey(target), { json, from, to });
    }
    // Files are read as policies, which takes the whole policy language; two versions of a route take none of it.
    const { filesFor, wantedBy } = await import("../apply/files.ts");
    const files = await filesFor(io, wantedBy({ path: target, key: args.key }));
    const client = connect(await accessFor(io, args));
    const all = await compared(client, files);
    const different = all.filter(differs);
    if (json === true) printJson(io, { changes: different.length > 0, routes: all });
    else {
      for (const one of different) print(io, ...render(io, one));
      print(io, `${different.length} of ${all.length} differ from what is live`);
    }
    return different.length > 0 ? EXIT.changes : EXIT.ok;
  },
});
