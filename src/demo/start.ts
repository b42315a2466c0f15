// `npm start`: the whole product on one machine, with nothing but loopback behind it.
import { join } from "node:path";

import { dataFolderProblem } from "./data-folder.ts";
import { ROOT, startGateway } from "./gateway.ts";
import { HELP, readOptions } from "./options.ts";
import { startOrigins } from "./origins.ts";
import { demoPolicies } from "./policies.ts";
import { onParentEnd } from "./parent.ts";
import { portProblem } from "./port.ts";
import { rootReason } from "./reason.ts";
import { stopOnSignal } from "./signals.ts";
import { renderTable } from "./table.ts";
import { endChildrenWithUs } from "./watchdog.ts";

const options = readOptions(process.argv.slice(2));
switch (options.kind) {
  case "help":
    console.log(HELP);
    break;
  case "wrong":
    fail(options.message);
    break;
  case "run":
    await run(options.port);
    break;
}

async function run(port: number): Promise<void> {
  const problem = await portProblem(port);
  if (problem !== undefined) return fail(problem);

  // Named after the port, so that a second demo beside this one keeps its own data.
  const persistTo = `.wrangler/demo/${port}`;
  const folder = await dataFolderProblem(join(ROOT, persistTo));
  if (folder !== undefined) return fail(folder);

  endChildrenWithUs();
  const origins = await startOrigins();
  const policies = demoPolicies(origins.urls);
  const gateway = await startGateway({ port, persistTo, policies }).catch(abandon);
  onParentEnd(
    stopOnSignal(async () => {
      await gateway.stop();
      await origins.close();
    }),
  );

  const seconds = (performance.now() / 1_000).toFixed(1);
  console.log(`\nSwitchyard is ready on port ${port}, after ${seconds} s. Ctrl-C stops it.\n`);
  console.log(renderTable({ port, persistTo, policies }));
}

/** Ends here and now: what is half up ends with the process. */
function abandon(error: unknown): never {
  fail(`Switchyard did not start: ${rootReason(error)}`);
  process.exit();
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
