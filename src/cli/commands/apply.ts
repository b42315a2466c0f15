import type { Client } from "../../api/client/connect.ts";
import { deleteRoute, putRoute, type Edit } from "../../api/client/edits.ts";
import { settled } from "../../api/client/settled.ts";
import type { Edited } from "../../api/edited.ts";
import { accessFor } from "../access/access.ts";
import { filesFor, wantedBy } from "../apply/files.ts";
import { renderTask, summary } from "../apply/render.ts";
import { demandNoRefusal, tasksFor, type Task } from "../apply/tasks.ts";
import { demandYes } from "../ask.ts";
import { command } from "../command.ts";
import { EXIT, Failure } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import {
  EDIT_OPTIONS,
  FILES_OPTIONS,
  OVERRIDE_OPTION,
  SERVER_OPTIONS,
  YES_OPTION,
} from "../options.ts";
import { connect } from "../server.ts";
import { style } from "../text/style.ts";

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

async function demandPrune(io: Io, tasks: readonly Task[], yes: boolean | undefined) {
  const keys = tasks.flatMap(({ kind, key }) => (kind === "delete" ? [key] : []));
  if (keys.length === 0) return;
  await demandYes(io, yes, `Delete what has no file: ${keys.join(", ")}?`);
}

export const apply = command({
  name: "apply",
  description: "Make what is live say what the files say",
  args: {
    ...FILES_OPTIONS,
    "dry-run": { type: "boolean", description: "Judge everything, change nothing" },
    note: EDIT_OPTIONS.note,
    ...OVERRIDE_OPTION,
    ...YES_OPTION,
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const wanted = wantedBy(args);
    const files = await filesFor(io, wanted);
    const client = connect(await accessFor(io, args));
    const tasks = await tasksFor(client, files, wanted);
    demandNoRefusal(tasks);
    const dry = args["dry-run"] === true;
    if (!dry) await demandPrune(io, tasks, args.yes);
    const { allowReshuffle, override } = wanted;
    const edit = { note: args.note, allowReshuffle, override };
    const outcomes: Outcome[] = [];
    for (const task of tasks) {
      const isToDo = !dry || task.kind === "held";
      const outcome: Outcome = isToDo
        ? await attempt(client, task, edit)
        : { ok: true, edited: undefined };
      outcomes.push(outcome);
      if (args.json !== true) printOutcome(io, task, outcome);
    }
    const failed = outcomes.filter((one) => !one.ok).length;
    if (args.json === true) {
      const routes = tasks.map((task, at) => jsonOf(task, outcomes[at] as Outcome));
      printJson(io, { dryRun: dry, routes });
    } else {
      const end = dry ? "; nothing was applied" : failed === 0 ? "" : `; ${failed} not applied`;
      print(io, summary(tasks) + end);
    }
    return failed === 0 ? EXIT.ok : EXIT.failed;
  },
});
