import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import type { Client } from "../../api/client/ask.ts";
import { findRoute, pagesOfRoutes, type Route } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { EXIT, Failure } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import { print, printJson, type Io } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { isRouteKey } from "../../policy/keys.ts";
import { decide, type Decision } from "../pull/decide.ts";
import { create, update } from "../pull/write.ts";
import { connect } from "../server.ts";
import { DEFAULT_POLICIES, settingsFor } from "../settings.ts";
import { policiesBelow, type PolicyFile } from "../source/files.ts";
import { style } from "../text/style.ts";
import { pooled } from "../transfer/pool.ts";

/** Routes pulled at once. */
const CONCURRENCY = 8;

/** One route, and what became of its file. */
interface Pulled {
  readonly key: string;
  readonly file: string;
  readonly kind: Decision["kind"] | "unreadable";
  readonly version: number;
  readonly why?: string;
}

interface Wanted {
  readonly folder: string;
  readonly overwrite: boolean;
  readonly dry: boolean;
}

/** The name of a route's new file: no file system minds it. */
const fileName = (key: string): string => `${key.replaceAll("*", "%2A")}.json`;

async function pulled(
  io: Io,
  client: Client,
  route: Route,
  file: PolicyFile | undefined,
  { folder, overwrite, dry }: Wanted,
): Promise<Pulled> {
  const { key, version, policy } = route;
  const shown = file?.file ?? join(folder, fileName(key));
  const about = { key, version, file: shown };
  if (policy === null)
    return { ...about, kind: "unreadable", why: "only KV has it: sy adopt it first" };
  const decision = await decide(client, route, file);
  const path = resolve(io.cwd, shown);
  const isDue = decision.kind === "update" || (decision.kind === "changed" && overwrite);
  if (!dry && decision.kind === "create") await create(path, policy);
  else if (!dry && isDue) await update(path, policy);
  const { kind } = decision;
  if (decision.kind !== "changed") return { ...about, kind };
  return overwrite ? { ...about, kind: "update" } : { ...about, kind, why: decision.why };
}

function render(io: Io, { key, file, kind, version, why = "" }: Pulled): string[] {
  switch (kind) {
    case "same":
      return [];
    case "create":
      return [`${style(io, "green", "+")} ${file}  version ${version}`];
    case "update":
      return [`${style(io, "yellow", "~")} ${file}  now version ${version}`];
    case "changed":
      return [
        `${style(io, "red", "!")} ${file}  ${why}: left alone; see sy diff ${file}, then sy apply it, or add --overwrite`,
      ];
    case "unreadable":
      return [`${style(io, "red", "!")} ${key}  ${why}`];
    default:
      return kind satisfies never;
  }
}

function summary(all: readonly Pulled[], dry: boolean): string {
  const words = [
    ["create", "new"],
    ["update", "updated"],
    ["same", "unchanged"],
    ["changed", "left alone"],
    ["unreadable", "not there"],
  ] as const;
  const counts = words.flatMap(([kind, word]) => {
    const count = all.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return (
    (counts.length === 0 ? "no routes" : counts.join(", ")) + (dry ? "; nothing was written" : "")
  );
}

export const pull = command({
  name: "pull",
  description:
    "Make the files say what is live: the reverse of apply; overwrites no file that was changed",
  args: {
    folder: {
      type: "positional",
      required: false,
      description: "The folder of policies (default: that of the settings)",
    },
    prefix: { type: "string", description: "Only routes whose key begins so" },
    overwrite: { type: "boolean", description: "Also over files that were changed here" },
    "dry-run": { type: "boolean", description: "Say what would be written, write nothing" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const { settings } = await settingsFor(io.cwd);
    const folder = args.folder ?? settings.policies ?? DEFAULT_POLICIES;
    const wanted = { folder, overwrite: args.overwrite === true, dry: args["dry-run"] === true };
    const about = await statIfThere(resolve(io.cwd, folder));
    if (about?.isDirectory() === false)
      throw new Failure(`"${folder}" is not a folder`, "name the folder of policies");
    const client = connect(await accessFor(io, args));
    if (about === undefined && !wanted.dry)
      await mkdir(resolve(io.cwd, folder), { recursive: true });
    const files = about === undefined ? [] : await policiesBelow(folder, io.cwd);
    const byKey = new Map(
      files.flatMap((file) => (file.key === undefined ? [] : [[file.key, file]])),
    );
    const all: Pulled[] = [];
    async function* keys() {
      for await (const page of pagesOfRoutes(client, { prefix: args.prefix }))
        for (const { key } of page.routes) yield key;
    }
    await pooled(keys(), CONCURRENCY, async (key) => {
      // A key is the name of a file: what is none is not written, whoever says it.
      const route = isRouteKey(key) ? await findRoute(client, key) : undefined;
      if (route !== undefined)
        all.push(await pulled(io, client, { ...route, key }, byKey.get(key), wanted));
    });
    const sorted = all.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    if (args.json === true) printJson(io, { dryRun: wanted.dry, routes: sorted });
    else {
      for (const one of sorted) print(io, ...render(io, one));
      print(io, summary(sorted, wanted.dry));
    }
    return sorted.some(({ kind }) => kind === "changed" || kind === "unreadable")
      ? EXIT.failed
      : EXIT.ok;
  },
});
