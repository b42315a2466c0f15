import { command } from "../command.ts";
import { EXIT, Failure } from "../failure.ts";
import { demandNoRefusal, filesFor, renderTask, summary, tasksFor, type Task } from "../sync.ts";
import { print, printJson, type Io } from "../io.ts";
import { EDIT_OPTIONS, FILES_OPTIONS, SERVER_OPTIONS } from "../options.ts";
import type { Client } from "../../api/client/connect.ts";
import { deleteRoute, putRoute, type Edit } from "../../api/client/edits.ts";
import { settled } from "../../api/client/settled.ts";
import type { Edited } from "../../api/edited.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import { style } from "../text/style.ts";

/** What became of one route. */
type Outcome =
  | { readonly key: string; readonly ok: true; readonly written: Edited | undefined }
  | { readonly key: string; readonly ok: false; readonly error: Failure };

async function carryOut(
  client: Client,
  task: Task,
  edit: Omit<Edit, "from">,
): Promise<Edited | undefined> {
  switch (task.kind) {
    case "same":
    case "refused":
      return undefined;
    case "delete":
      return deleteRoute(client, task.key, { ...edit, from: task.from });
    case "create":
    case "change":
      return putRoute(client, task.key, task.policy, { ...edit, from: task.from });
    default:
      return task satisfies never;
  }
}

/** One route that fails does not keep the others from what they need: they know nothing of each other. */
async function attempt(client: Client, task: Task, edit: Omit<Edit, "from">): Promise<Outcome> {
  try {
    const written = await carryOut(client, task, edit);
    return { key: task.key, ok: true, written: written && (await settled(client, written)) };
  } catch (error) {
    if (error instanceof Failure) return { key: task.key, ok: false, error };
    throw error;
  }
}

function tell(io: Io, task: Task, outcome: Outcome): void {
  print(io, ...renderTask(io, task));
  if (!outcome.ok) print(io, style(io, "red", `  ${outcome.error.message}; ${outcome.error.fix}`));
  else if (outcome.written !== undefined) {
    const { version, published } = outcome.written;
    const where = published >= version ? "published" : `KV still has version ${published}`;
    print(io, style(io, "green", `  version ${version}, ${where}`));
  }
}

export const apply = command({
  name: "apply",
  description: "Make what is live say what the files say",
  args: {
    ...FILES_OPTIONS,
    "dry-run": { type: "boolean", description: "Judge everything, change nothing" },
    note: EDIT_OPTIONS.note,
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const wanted = {
      path: args.path,
      key: args.key,
      prune: args.prune ?? false,
      allowReshuffle: args["allow-reshuffle"] ?? false,
    };
    const files = await filesFor(io, wanted);
    const client = connect(await accessFor(io, args));
    const tasks = await tasksFor(client, files, wanted);
    demandNoRefusal(tasks);
    const dry = args["dry-run"] === true;
    const edit = { note: args.note, allowReshuffle: args["allow-reshuffle"] };
    const outcomes: Outcome[] = [];
    for (const task of tasks) {
      const outcome: Outcome = dry
        ? { key: task.key, ok: true, written: undefined }
        : await attempt(client, task, edit);
      outcomes.push(outcome);
      if (args.json !== true) tell(io, task, outcome);
    }
    const failed = outcomes.filter((one) => !one.ok).length;
    if (args.json === true) {
      printJson(io, {
        dryRun: dry,
        routes: outcomes.map((one, at) => ({
          key: one.key,
          kind: tasks[at]?.kind,
          ...(one.ok
            ? { version: one.written?.version ?? null, published: one.written?.published ?? null }
            : { error: { code: one.error.code, message: one.error.message, fix: one.error.fix } }),
        })),
      });
    } else {
      const end = dry ? "; nothing was applied" : failed === 0 ? "" : `; ${failed} not applied`;
      print(io, summary(tasks) + end);
    }
    return failed === 0 ? EXIT.ok : EXIT.failed;
  },
});
