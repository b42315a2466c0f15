import { RELEASE } from "../../lib/release.ts";
import type { Health } from "../../api/health-form.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { askHealth } from "../health/ask.ts";
import { skewOf, skewWords } from "../health/skew.ts";
import { note, print, printJson } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { percent } from "../text/bars.ts";
import { columns } from "../text/table.ts";

type Versions = Pick<Health["parts"]["version"], "gateways" | "serving">;

/** A version of a Worker, as Cloudflare's dashboard and `npx wrangler versions list` name it. */
const workerCell = (worker: string | null | undefined): string[] =>
  worker == null ? [] : [`Worker ${worker}`];

/** A line for each version of the gateway that reports, with its share of the isolates where there are several. */
function gatewayRows({ gateways, serving = [] }: Versions): string[][] {
  if (serving.length === 0)
    return [
      ["gateway", gateways.length === 0 ? "unknown: none reported lately" : gateways.join(", ")],
    ];
  return serving.map(({ release, worker, share }) => [
    "gateway",
    release,
    serving.length === 1 ? "reports" : percent(share),
    ...workerCell(worker),
  ]);
}

export const version = command({
  name: "version",
  description: "Say of which release sy, the control plane and the gateway are (sy --version: sy)",
  args: { ...SERVER_OPTIONS },
  run: async ({ args, io }) => {
    const access = await accessFor(io, args);
    const { parts } = await askHealth(access);
    const { status: _status, words: _words, ...versions } = parts.version;
    const skew = skewOf(versions).map(skewWords);
    if (args.json === true) return printJson(io, { sy: RELEASE, ...versions, skew });
    const { control, worker } = versions;
    const rows = [
      ["sy", RELEASE],
      ["control", control, access.url, ...workerCell(worker)],
      ...gatewayRows(versions),
    ];
    print(io, ...columns(rows));
    note(io, ...skew);
  },
});
