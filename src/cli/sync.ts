import type { Plan } from "../preview/plan.ts";
import { diff } from "../policy/diff.ts";
import type { Policy } from "../policy/schema.ts";
import { Failure, usage } from "./failure.ts";
import type { Io } from "./io.ts";
import type { Client } from "../api/client/connect.ts";
import { findRoute, pagesOfRoutes, previewRoute, type Route } from "../api/client/reads.ts";
import { Refused } from "../api/client/refused.ts";
import { DEFAULT_POLICIES, settingsFor } from "./settings.ts";
import { readPolicies } from "./source/files.ts";
import { allGood, type GoodFile } from "./source/report.ts";
import { checkedKey } from "./source/local.ts";
import { renderPlan } from "./text/planned.ts";
import { style } from "./text/style.ts";
import { pooled } from "./transfer/pool.ts";

/** What has to be done to one route so that it says what its file says. */
export type Task = { readonly key: string } & (
  | { readonly kind: "same"; readonly version: number }
  | {
      readonly kind: "create" | "change";
      readonly policy: Policy;
      /** The version the plan was made from; absent for a new route. */
      readonly from: number | undefined;
      readonly plan: Plan;
    }
  | { readonly kind: "delete"; readonly from: number }
  | {
      readonly kind: "refused";
      readonly code: string;
      readonly message: string;
      readonly fix: string;
    }
);

/** Routes looked at at once. */
const CONCURRENCY = 8;

/** What the files are held against. */
export interface Wanted {
  readonly path: string | undefined;
  /** For a file whose name says it not. */
  readonly key: string | undefined;
  /** Whether routes without a file are to go. */
  readonly prune: boolean;
  readonly allowReshuffle: boolean;
}

function keyed(files: readonly GoodFile[], key: string | undefined): ReadonlyMap<string, GoodFile> {
  const [only, ...more] = files;
  if (key !== undefined && only !== undefined && more.length === 0)
    return new Map([[checkedKey(key), only]]);
  if (key !== undefined) throw usage("--key names one route, and there are more", "leave it out");
  return new Map(
    files.map((one) => {
      if (one.key !== undefined) return [one.key, one];
      throw usage(`the name of ${one.file} is not a route key`, "say which route it is with --key");
    }),
  );
}

/** The files of the command line or the settings, all valid, by key. Origins are judged by the server: only it knows what it allows. */
export async function filesFor(
  io: Io,
  { path, key, prune }: Wanted,
): Promise<ReadonlyMap<string, GoodFile>> {
  const { settings } = await settingsFor(io.cwd);
  if (prune && path !== undefined && /\.(?:json|ya?ml)$/i.test(path))
    throw usage("--prune with one file would delete every other route", "name the folder");
  const files = await readPolicies(path ?? settings.policies ?? DEFAULT_POLICIES, io.cwd, {
    allowPrivateOrigins: true,
  });
  return keyed(allGood(files), key);
}

/** A refusal of the server with its place in the file, where it has one. */
function refused(key: string, file: GoodFile, error: unknown): Task {
  if (!(error instanceof Refused) || error.status >= 500 || error.status === 401) throw error;
  const [issue] = error.problem.issues ?? [];
  const { line, column } = file.locate(issue?.path ?? "$");
  const message = `${file.file}:${line}:${column}: ${error.message}`;
  return { key, kind: "refused", code: error.code, message, fix: error.fix };
}

async function taskFor(
  client: Client,
  key: string,
  file: GoodFile,
  allowReshuffle: boolean,
): Promise<Task> {
  try {
    const route: Route | undefined = await findRoute(client, key);
    if (route !== undefined && route.drift !== null) {
      const message = `KV has a value for "${key}" that was put there by hand`;
      const fix = `take it in with sy adopt ${key}, or overwrite it with sy republish ${key}`;
      return { key, kind: "refused", code: "drift", message, fix };
    }
    if (route !== undefined && diff(route.policy, file.policy).length === 0)
      return { key, kind: "same", version: route.version };
    const plan = await previewRoute(client, key, { policy: file.policy, allowReshuffle });
    const kind = route === undefined ? "create" : "change";
    return { key, kind, policy: file.policy, from: route?.version, plan };
  } catch (error) {
    return refused(key, file, error);
  }
}

async function pruned(client: Client, files: ReadonlyMap<string, GoodFile>): Promise<Task[]> {
  const tasks: Task[] = [];
  for await (const { routes } of pagesOfRoutes(client, {})) {
    for (const { key, version } of routes) {
      // What was put to KV by hand is nobody's file to miss.
      if (!files.has(key) && version !== null) tasks.push({ key, kind: "delete", from: version });
    }
  }
  return tasks;
}

/** Holds files against what is live: what to do, route by route, in the order of keys. */
export async function tasksFor(
  client: Client,
  files: ReadonlyMap<string, GoodFile>,
  wanted: Wanted,
): Promise<Task[]> {
  const tasks: Task[] = [];
  await pooled(files, CONCURRENCY, async ([key, file]) => {
    tasks.push(await taskFor(client, key, file, wanted.allowReshuffle));
  });
  if (wanted.prune) tasks.push(...(await pruned(client, files)));
  return tasks.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** One task for people. */
export function renderTask(io: Io, task: Task): string[] {
  const key = style(io, "bold", task.key);
  switch (task.kind) {
    case "same":
      return [`= ${key}  ${style(io, "dim", `version ${task.version} says the same`)}`];
    case "create":
      return [`${style(io, "green", "+")} ${key}  new`];
    case "change":
      return [
        `${style(io, "yellow", "~")} ${key}  from version ${task.from}`,
        ...renderPlan(io, task.plan),
      ];
    case "delete":
      return [`${style(io, "red", "-")} ${key}  deleted: it has no file`];
    case "refused":
      return [`${style(io, "red", "!")} ${key}  ${task.message}; ${task.fix}`];
    default:
      return task satisfies never;
  }
}

/** How many of each, in one line. */
export function summary(tasks: readonly Task[]): string {
  const count = (kind: Task["kind"]) => tasks.filter((task) => task.kind === kind).length;
  const words = [
    [count("create"), "new"],
    [count("change"), "changed"],
    [count("delete"), "deleted"],
    [count("same"), "unchanged"],
    [count("refused"), "refused"],
  ] as const;
  return words.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(", ");
}

/** Whether anything is to be done. */
export function hasChanges(tasks: readonly Task[]): boolean {
  return tasks.some(({ kind }) => kind !== "same" && kind !== "refused");
}

/** Throws where the server refuses a file: nothing is then applied at all. */
export function demandNoRefusal(tasks: readonly Task[]): void {
  const bad = tasks.find((task) => task.kind === "refused");
  if (bad?.kind !== "refused") return;
  throw new Failure(bad.message, `${bad.fix}; nothing was applied`, { code: bad.code });
}
