import type { Client } from "../../api/client/ask.ts";
import { pagesOfRoutes, previewRoute } from "../../api/client/reads.ts";
import { Refused } from "../../api/client/refused.ts";
import type { Issue } from "../../lib/issue.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Plan } from "../../preview/plan.ts";
import { Failure } from "../failure.ts";
import type { GoodFile } from "../source/report.ts";
import { pooled } from "../transfer/pool.ts";
import type { Wanted } from "./files.ts";

/** What has to be done to one route so that it says what its file says. */
export type Task = { readonly key: string } & (
  | {
      readonly kind: "same";
      readonly version: number;
      /** What the file says in its turn after somebody took something back: put once, so that the file may go on from there. */
      readonly claim: Policy | undefined;
      readonly warnings: readonly Issue[];
    }
  | {
      readonly kind: "create" | "change";
      readonly policy: Policy;
      /** The version the plan was made from; absent for a new route. */
      readonly from: number | undefined;
      readonly plan: Plan;
      readonly warnings: readonly Issue[];
    }
  | { readonly kind: "delete"; readonly from: number }
  | {
      /** Where a route is held, the others go on; where one is refused, none does. */
      readonly kind: "refused" | "held";
      readonly code: string;
      readonly message: string;
      readonly fix: string;
    }
);

/** Routes looked at at once. */
const CONCURRENCY = 8;

/** A refusal of the server with its place in the file, where it has one. What is not about this route alone is thrown. */
function refused(key: string, file: GoodFile, error: unknown): Task {
  if (!(error instanceof Refused) || error.status >= 500 || error.status === 401) throw error;
  if (error.code === "taken-back") return takenBack(key, error);
  const [issue] = error.problem.issues ?? [];
  const { line, column } = file.locate(issue?.path ?? "$");
  const message = `${file.file}:${line}:${column}: ${error.message}`;
  return { key, kind: "refused", code: error.code, message, fix: error.fix };
}

/** A route that somebody took back since its file was last applied: an old file must not bring that again unasked. */
function takenBack(key: string, error: Refused): Task {
  const fix = "take that into the file, or add --override";
  return { key, kind: "held", code: error.code, message: error.message, fix };
}

async function taskFor(
  client: Client,
  key: string,
  file: GoodFile,
  { allowReshuffle, override }: Wanted,
): Promise<Task> {
  try {
    const body = { policy: file.policy, allowReshuffle, override, apply: true };
    const answer = await previewRoute(client, key, body);
    const { from, etag, same, drift, warnings, takenBack: before, ...plan } = answer;
    if (drift && !override) {
      const message = `what KV has for "${key}" was changed by hand`;
      const fix = `take that in with sy adopt ${key}, or undo it with sy republish ${key} or --override`;
      return { key, kind: "refused", code: "drift", message, fix };
    }
    if (same && !drift) {
      const claim = before === null ? undefined : file.policy;
      return { key, kind: "same", version: from, claim, warnings };
    }
    const kind = etag === null ? "create" : "change";
    const { policy } = file;
    return { key, kind, policy, from: etag === null ? undefined : from, plan, warnings };
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
    tasks.push(await taskFor(client, key, file, wanted));
  });
  if (wanted.prune) tasks.push(...(await pruned(client, files)));
  return tasks.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Whether anything is to be done. */
export function hasChanges(tasks: readonly Task[]): boolean {
  return tasks.some(({ kind }) => ["create", "change", "delete"].includes(kind));
}

/** Throws where the server refuses a file: nothing is then applied at all. */
export function demandNoRefusal(tasks: readonly Task[]): void {
  const bad = tasks.find((task) => task.kind === "refused");
  if (bad?.kind !== "refused") return;
  throw new Failure(bad.message, `${bad.fix}; nothing was applied`, { code: bad.code });
}
