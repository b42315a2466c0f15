import { accessFor } from "../access/access.ts";
import { filesFor, wantedBy } from "../apply/files.ts";
import { carriedOut } from "../apply/carry-out.ts";
import { summary } from "../apply/render.ts";
import { demandNoRefusal, tasksFor, type Task } from "../apply/tasks.ts";
import { demandYes } from "../ask.ts";
import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import {
  EDIT_OPTIONS,
  FILES_OPTIONS,
  OVERRIDE_OPTION,
  SERVER_OPTIONS,
  YES_OPTION,
} from "../options.ts";
import { connect } from "../server.ts";

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
    const { failed, routes } = await carriedOut(client, tasks, {
      io,
      edit,
      dry,
      quiet: args.json === true,
    });
    if (args.json === true) {
      printJson(io, { dryRun: dry, routes });
    } else {
      const end = dry ? "; nothing was applied" : failed === 0 ? "" : `; ${failed} not applied`;
      print(io, summary(tasks) + end);
    }
    return failed === 0 ? EXIT.ok : EXIT.failed;
  },
});
