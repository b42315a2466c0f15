import type { Client } from "../../api/client/ask.ts";
import { deleteRoute, putRoute, type Edit } from "../../api/client/edits.ts";
import { settled } from "../../api/client/settled.ts";
import type { Edited } from "../../api/edited.ts";
import { Failure } from "../failure.ts";
import { print, type Io } from "../io.ts";
import { style } from "../text/style.ts";
import { renderTask } from "./render.ts";
import type { Task } from "./tasks.ts";

/** What became of one route. */
type Outcome =
  | { readonly ok: true; readonly edited: Edited | undefined }
  | { readonly ok: false; readonly error: Failure };

async function carryOut(
  client: Client,
  task: Task,
  edit: Omit<Edit, "from">,
): Promise<Edited | undefined> {
  switch (task.kind) {
    case "same":
      if (task.claim === undefined) return undefined;
      return putRoute(client, task.key, task.claim, { ...edit, from: task.version, apply: true });
    case "refused":
    case "held":
      throw new Failure(task.message, task.fix, { code: task.code });
    case "delete":
      return deleteRoute(client, task.key, { ...edit, from: task.from });
    case "create":
    case "change":
      return putRoute(client, task.key, task.policy, { ...edit, from: task.from, apply: true });
    default:
      return task satisfies never;
  }
}

/** One route that fails does not keep the others from what they need: they know nothing of each other. */
async function attempt(client: Client, task: Task, edit: Omit<Edit, "from">): Promise<Outcome> {
  try {
    const edited = await carryOut(client, task, edit);
    return { ok: true, edited: edited && (await settled(client, edited)) };
  } catch (error) {
    if (error instanceof Failure) return { ok: false, error };
    throw error;
  }
}

function printOutcome(io: Io, task: Task, outcome: Outcome): void {
  print(io, ...renderTask(io, task));
  if (!outcome.ok) {
    // Why a route is held stands in its own line already.
    if (task.kind === "held") return;
    print(io, style(io, "red", `  ${outcome.error.message}; ${outcome.error.fix}`));
  } else if (outcome.edited !== undefined) {
    const { version, published } = outcome.edited;
    const where = published >= version ? "published" : `KV still has version ${published}`;
    print(io, style(io, "green", `  version ${version}, ${where}`));
  }
}

/** One route's outcome for machines. */
function jsonOf(task: Task, outcome: Outcome): object {
  const { key, kind } = task;
  if (!outcome.ok) {
    const { code, message, fix } = outcome.error;
    return { key, kind, error: { code, message, fix } };
  }
  const { version = null, published = null } = outcome.edited ?? {};
  return { key, kind, version, published };
}

/** How tasks are carried out. */
interface Carrying {
  readonly io: Io;
  readonly edit: Omit<Edit, "from">;
  /** Whether nothing is to be changed: only what is held is then told. */
  readonly dry: boolean;
  /** Whether nothing is to be printed. */
  readonly quiet: boolean;
}

/** Carries tasks out, one after another, and prints each. Gives how many came to nothing, and each outcome for machines. */
export async function carriedOut(
  client: Client,
  tasks: readonly Task[],
  { io, edit, dry, quiet }: Carrying,
): Promise<{ readonly failed: number; readonly routes: readonly object[] }> {
  const routes: object[] = [];
  let failed = 0;
  for (const task of tasks) {
    const isToDo = !dry || task.kind === "held";
    const outcome: Outcome = isToDo
      ? await attempt(client, task, edit)
      : { ok: true, edited: undefined };
    routes.push(jsonOf(task, outcome));
    if (!outcome.ok) failed += 1;
    if (!quiet) printOutcome(io, task, outcome);
  }
  return { failed, routes };
}
