import { accessFor } from "../access/access.ts";
import { filesFor, wantedBy } from "../apply/files.ts";
import { renderTask, summary } from "../apply/render.ts";
import { hasChanges, tasksFor } from "../apply/tasks.ts";
import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { print, printJson } from "../io.ts";
import { FILES_OPTIONS, OVERRIDE_OPTION, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";

export const plan = command({
  name: "plan",
  description: "Show what apply would change, and which visitors move; exits with 2 if anything",
  args: { ...FILES_OPTIONS, ...OVERRIDE_OPTION, ...SERVER_OPTIONS },
  run: async ({ args, io }) => {
    const wanted = wantedBy(args);
    const files = await filesFor(io, wanted);
    const tasks = await tasksFor(connect(await accessFor(io, args)), files, wanted);
    if (args.json === true) printJson(io, { changes: hasChanges(tasks), routes: tasks });
    else {
      for (const task of tasks) print(io, ...renderTask(io, task));
      print(io, summary(tasks));
    }
    if (tasks.some(({ kind }) => kind === "refused" || kind === "held")) return EXIT.failed;
    return hasChanges(tasks) ? EXIT.changes : EXIT.ok;
  },
});
