// `npm start`: the whole product on one machine, with nothing but loopback behind it.
import { rm } from "node:fs/promises";
import { join } from "node:path";

import { connect } from "../api/client/connect.ts";
import { makeSignInCode } from "../api/client/reads.ts";
import { DEMO_TOKEN } from "../cli/access/token.ts";
import { dataFolderProblem } from "./data-folder.ts";
import { environmentProblem } from "./environment.ts";
import { ROOT, startFleet } from "./fleet.ts";
import { HELP, readOptions, type Options } from "./options.ts";
import { startOrigins } from "./origins.ts";
import { demoPolicies } from "./policies.ts";
import { onParentEnd } from "./parent.ts";
import { LOOPBACK, freePair, portProblem } from "./port.ts";
import { rootReason } from "./reason.ts";
import { stopOnSignal } from "./signals.ts";
import { renderTable } from "./table.ts";
import { startTraffic } from "./traffic/traffic.ts";
import { endChildrenWithUs } from "./watchdog.ts";

type Run = Extract<Options, { kind: "run" }>;

const options = readOptions(process.argv.slice(2));
switch (options.kind) {
  case "help":
    console.log(HELP);
    break;
  case "wrong":
    fail(options.message);
    break;
  case "run":
    await run(options);
    break;
}

async function run({ port: wanted, seed }: Run): Promise<void> {
  const wrong = environmentProblem(process.env);
  if (wrong !== undefined) return fail(wrong);
  const port = wanted === 0 ? await freePair() : wanted;
  if (port === undefined)
    return fail("No two ports in a row are free. Name one: npm start -- --port <number>");
  for (const one of [port, port + 1]) {
    const problem = await portProblem(one);
    if (problem !== undefined) return fail(problem);
  }

  // Named after the port, so that a second demo beside this one keeps its own data; a port that nobody chose is another one next time.
  const persistTo = `.wrangler/demo/${wanted === 0 ? `any-${process.pid}` : port}`;
  const folder = join(ROOT, persistTo);
  const unwritable = await dataFolderProblem(folder);
  if (unwritable !== undefined) return fail(unwritable);

  endChildrenWithUs();
  const origins = await startOrigins();
  const policies = demoPolicies(origins.urls);
  const fleet = await startFleet({ port, persistTo, policies }).catch(abandon);
  const traffic =
    seed === undefined
      ? undefined
      : startTraffic({ port, keys: Object.keys(policies), seed, tell: console.error });
  onParentEnd(
    stopOnSignal(async () => {
      traffic?.stop();
      await fleet.stop();
      await origins.close();
      // Nobody could ever come back to the data of a port that nobody chose.
      if (wanted === 0) await rm(folder, { recursive: true, force: true });
    }),
  );

  const control = `http://${LOOPBACK}:${port + 1}`;
  const link = await makeSignInCode(connect({ url: control, token: DEMO_TOKEN }));
  const seconds = (performance.now() / 1_000).toFixed(1);
  console.log(
    `\nSwitchyard is ready on port ${port}, its control plane on port ${port + 1}, after ${seconds} s. Ctrl-C stops both.\n`,
  );
  console.log(
    renderTable({ port, persistTo, policies, traffic: traffic !== undefined, link: link.url }),
  );
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
