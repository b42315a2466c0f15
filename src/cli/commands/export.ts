import type { FileHandle } from "node:fs/promises";
import { resolve } from "node:path";

import { command } from "../command.ts";
import { EXIT, Failure, usage } from "../failure.ts";
import { lstatIfThere } from "../files/read.ts";
import { createPrivate, openForAppend, replacePrivate } from "../files/write.ts";
import { note, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { SERVER_OPTIONS } from "../options.ts";
import type { Client } from "../../api/client/ask.ts";
import {
  findRoute,
  pagesOfRoutes,
  type Narrowed,
  type RoutesPage,
} from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import {
  checkpointOf,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../transfer/checkpoint.ts";
import { jsonText } from "../text/plain.ts";
import { pooled } from "../transfer/pool.ts";
import { Progress } from "../transfer/progress.ts";
import { snapshotText, type Exported } from "../transfer/snapshot.ts";

/** Requests under way at once, where the command line says nothing. */
const CONCURRENCY = 16;

/** Routes between two checkpoints, and in memory at once. */
const PAGE = 200;

/** What somebody put to KV by hand, as far as it is JSON. */
function byHand(text: string | null | undefined): unknown {
  try {
    return text == null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The routes of one page, in its order. One that goes meanwhile is left out; what KV has by hand is taken as it is. */
async function routesOfPage(
  io: Io,
  client: Client,
  { routes }: RoutesPage,
  concurrency: number,
): Promise<Exported[]> {
  const found: Exported[] = [];
  await pooled(routes.entries(), concurrency, async ([at, { key }]) => {
    const route = await findRoute(client, key);
    if (route === undefined) return;
    const policy = route.policy ?? byHand(route.drift?.text);
    if (policy !== undefined) found[at] = { key, version: route.version, policy };
    else note(io, `${key} is left out: KV has a value that is not JSON`);
  });
  return found.filter((route) => route !== undefined);
}

/** The routes of one page as lines. */
async function linesOfPage(...page: Parameters<typeof routesOfPage>): Promise<string[]> {
  return (await routesOfPage(...page)).map((route) => `${jsonText(route)}\n`);
}

/** All routes in one file, in the place of an older one: what a deployment bundles has to fit into memory anyway. */
async function toSnapshot(
  io: Io,
  client: Client,
  { narrowed, concurrency, file }: Omit<Destination, "url">,
): Promise<void> {
  const progress = new Progress(io, "exported", 0);
  const routes: Exported[] = [];
  for await (const page of pagesOfRoutes(client, narrowed)) {
    routes.push(...(await routesOfPage(io, client, page, concurrency)));
    progress.update(routes.length);
  }
  await replacePrivate(resolve(io.cwd, file), snapshotText(routes));
  progress.end(routes.length);
}

interface Destination {
  readonly file: string;
  readonly url: string;
  readonly narrowed: Narrowed;
  readonly concurrency: number;
}

async function toStdout(
  io: Io,
  client: Client,
  narrowed: Narrowed,
  concurrency: number,
): Promise<void> {
  for await (const page of pagesOfRoutes(client, narrowed)) {
    const text = (await linesOfPage(io, client, page, concurrency)).join("");
    if (!io.stdout.write(text)) await new Promise((drained) => io.stdout.once("drain", drained));
  }
}

/** The file of an export: a new one, or that of an unfinished run. */
async function opened(path: string, file: string, offset: number | undefined): Promise<FileHandle> {
  const about = await lstatIfThere(path);
  if (about === undefined && offset === undefined) return createPrivate(path);
  if (offset === undefined)
    throw new Failure(`"${file}" is there already`, "remove it, or choose another name");
  if (about === undefined || (about.isFile() && about.size < offset))
    throw new Failure(
      `"${file}" has less in it than an export of it had written when it was cut off`,
      `remove it and ${checkpointOf(path, "export")} to begin anew`,
    );
  const handle = await openForAppend(path);
  // What was written after the checkpoint is written again.
  await handle.truncate(offset);
  return handle;
}

async function toFile(io: Io, client: Client, given: Destination): Promise<void> {
  const { file, url, narrowed, concurrency } = given;
  const path = resolve(io.cwd, file);
  const checkpoint = checkpointOf(path, "export");
  const before = await readCheckpoint(checkpoint, url);
  let { offset, routes } = before ?? { offset: 0, routes: 0 };
  const progress = new Progress(io, "exported", routes);
  const handle = await opened(path, file, before?.offset);
  try {
    if (before === undefined) await writeCheckpoint(checkpoint, { url, offset, routes });
    for await (const page of pagesOfRoutes(client, narrowed, before?.cursor)) {
      const lines = await linesOfPage(io, client, page, concurrency);
      const bytes = Buffer.from(lines.join(""));
      await handle.appendFile(bytes);
      await handle.sync();
      offset += bytes.length;
      routes += lines.length;
      if (page.cursor !== null)
        await writeCheckpoint(checkpoint, { url, offset, routes, cursor: page.cursor });
      progress.update(routes);
    }
  } finally {
    await handle.close();
  }
  await removeCheckpoint(checkpoint);
  progress.end(routes);
}

export const exportRoutes = command({
  name: "export",
  description: "Write every route to a file, one JSON line each; goes on after a kill",
  args: {
    file: { type: "positional", required: false, description: "The file (default: stdout)" },
    prefix: { type: "string", description: "Only keys that begin so" },
    format: {
      type: "string",
      description: "switchyard (default), or httproute: manifests of the Gateway API",
    },
    backends: {
      type: "string",
      description: "With httproute, the file for the origins of the Services in it",
    },
    concurrency: { type: "string", description: `Requests at once (default ${CONCURRENCY})` },
    snapshot: {
      type: "boolean",
      description: "Write one JSON text instead, for a deployment to bundle",
    },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const format = args.format ?? "switchyard";
    if (format !== "switchyard" && format !== "httproute")
      throw usage(`--format must be switchyard or httproute, not "${format}"`, "or leave it out");
    if (args.backends !== undefined && format !== "httproute")
      throw usage("--backends is for --format httproute alone", "leave it out");
    const concurrency = wholeOf("--concurrency", args.concurrency ?? String(CONCURRENCY), 1, 256);
    const access = await accessFor(io, args);
    const client = connect(access);
    const narrowed = { prefix: args.prefix, limit: PAGE };
    if (format === "httproute") {
      const { exportManifests } = await import("../transfer/export-http-routes.ts");
      return exportManifests(io, client, narrowed, {
        manifests: args.file,
        backends: args.backends,
      });
    }
    if (args.snapshot === true) {
      if (args.file === undefined || args.file === "-")
        throw new Failure("a snapshot goes to a file", "name it: sy export --snapshot FILE");
      await toSnapshot(io, client, { file: args.file, narrowed, concurrency });
    } else if (args.file === undefined || args.file === "-")
      await toStdout(io, client, narrowed, concurrency);
    else await toFile(io, client, { file: args.file, url: access.url, narrowed, concurrency });
    return EXIT.ok;
  },
});
