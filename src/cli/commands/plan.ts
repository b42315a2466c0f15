import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { filesFor, hasChanges, renderTask, summary, tasksFor } from "../sync.ts";
import { print, printJson } from "../io.ts";
import { FILES_OPTIONS, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";

export const plan = command({
  name: "plan",
  description: "Show what apply would change, and which visitors move; exits with 2 if anything",
  args: { ...FILES_OPTIONS, ...SERVER_OPTIONS },
  run: async ({ args, io }) => {
    const wanted = {
      path: args.path,
      key: args.key,
      prune: args.prune ?? false,
      allowReshuffle: args["allow-reshuffle"] ?? false,
    };
    const files = await filesFor(io, wanted);
    const tasks = await tasksFor(connect(await accessFor(io, args)), files, wanted);
    if (args.json === true) printJson(io, { changes: hasChanges(tasks), routes: tasks });
    else {
      for (const task of tasks) print(io, ...renderTask(io, task));
      print(io, summary(tasks));
    }
    if (tasks.some(({ kind }) => kind === "refused")) return EXIT.failed;
    return hasChanges(tasks) ? EXIT.changes : EXIT.ok;
  },
});
