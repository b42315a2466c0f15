import { accessFor, type AccessOptions } from "../access/access.ts";
import { carriedOut } from "../apply/carry-out.ts";
import { renderTask, summary } from "../apply/render.ts";
import { demandNoRefusal, hasChanges, tasksFor, type Task } from "../apply/tasks.ts";
import { demandYes } from "../ask.ts";
import { EXIT, Failure } from "../failure.ts";
import { note, print, printJson, type Io } from "../io.ts";
import { connect } from "../server.ts";
import type { GoodFile } from "../source/report.ts";
import { style } from "../text/style.ts";
import { askForBackends, backendsOf } from "./backends.ts";
import { gather, type Gathered, type Input, type PlacedReport } from "./gather.ts";

/** What the command line says of an import. */
export interface ImportOptions extends AccessOptions {
  readonly key?: string | undefined;
  readonly backends?: string | undefined;
  readonly partial?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly replace?: boolean | undefined;
  readonly note?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
}

function renderReport(io: Io, report: PlacedReport): string {
  const { file, line, column, level, object, field, message } = report;
  const place = style(io, "bold", `${file}:${line}:${column}:`);
  const sign = style(io, level === "error" ? "red" : "yellow", `${level}:`);
  return `${place} ${sign} ${object}: ${field === "" ? "" : `${field} `}${message}`;
}

const isError = ({ level }: PlacedReport): boolean => level === "error";

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What all came to, in one line. */
function told({ policies, reports }: Gathered): string {
  const errors = reports.filter(isError).length;
  const keys = Object.keys(policies).length;
  return [
    keys === 1 ? "1 policy" : `${keys} policies`,
    plural(errors, "error"),
    plural(reports.length - errors, "warning"),
  ].join(", ");
}

/** Reads the files, and asks for the origins of backends that nobody has named, where somebody is there to ask. */
async function gathered(
  io: Io,
  inputs: readonly Input[],
  options: ImportOptions,
  named: readonly string[],
): Promise<Gathered> {
  const backends = await backendsOf(io, options.backends, named);
  const key = options.key ?? "*";
  const first = gather(inputs, { key, backends });
  if (!io.interactive || first.missing.length === 0) return first;
  const answers = await askForBackends(io, first.missing);
  return gather(inputs, { key, backends: new Map([...backends, ...answers]) });
}

/** The reports as machines are told them. */
const plain = (reports: readonly PlacedReport[]) =>
  reports.map(({ level, object, field, message }) => ({ level, object, field, message }));

/** A policy as `apply` takes it from a file. */
const fileOf = (key: string, policy: GoodFile["policy"]): GoodFile => ({
  ok: true,
  file: key,
  key,
  policy,
  locate: () => ({ line: 1, column: 1 }),
});

/** What is live already and says something else is left alone unless it may be replaced. */
function demandReplace(tasks: readonly Task[], replace: boolean): void {
  const held = tasks.filter(({ kind }) => kind === "change").map(({ key }) => key);
  if (held.length === 0 || replace) return;
  throw new Failure(
    `there already, with another policy: ${held.join(", ")}`,
    "add --replace; nothing was imported",
  );
}

async function put(io: Io, { policies, reports }: Gathered, options: ImportOptions) {
  const client = connect(await accessFor(io, options));
  const files = new Map(Object.entries(policies).map(([key, one]) => [key, fileOf(key, one)]));
  const tasks = await tasksFor(client, files, {
    path: undefined,
    key: undefined,
    prune: false,
    allowReshuffle: true,
    override: false,
  });
  demandNoRefusal(tasks);
  const quiet = options.json === true;
  if (io.interactive && options.yes !== true && hasChanges(tasks)) {
    for (const task of tasks) note(io, ...renderTask(io, task));
    demandReplace(tasks, options.replace ?? false);
    await demandYes(io, options.yes, `Import ${summary(tasks)}?`);
  } else demandReplace(tasks, options.replace ?? false);
  const edit = { note: options.note, allowReshuffle: true };
  const { failed, routes } = await carriedOut(client, tasks, { io, edit, dry: false, quiet });
  if (quiet) printJson(io, { dryRun: false, routes, reports: plain(reports) });
  else print(io, summary(tasks) + (failed === 0 ? "" : `; ${failed} not imported`));
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

/** Imports files of others' formats; gives the exit code. */
export async function importOthers(
  io: Io,
  inputs: readonly Input[],
  options: ImportOptions,
  named: readonly string[],
): Promise<number> {
  const all = await gathered(io, inputs, options, named);
  const { policies, reports } = all;
  const hasErrors = reports.some(isError);
  const isDry = options["dry-run"] === true;
  if (options.json !== true) for (const report of reports) note(io, renderReport(io, report));
  if (isDry) {
    printJson(io, options.json === true ? { policies, reports: plain(reports) } : policies);
    if (options.json !== true) note(io, `${told(all)}; nothing was imported`);
    return hasErrors ? EXIT.failed : EXIT.ok;
  }
  if (hasErrors && options.partial !== true) {
    if (options.json === true) printJson(io, { policies: {}, reports: plain(reports) });
    throw new Failure(
      `${told(all)}; nothing was imported`,
      "mend the files, or add --partial to leave out the objects with errors",
    );
  }
  return put(io, all, options);
}
