import { RELEASE } from "../../lib/release.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { askHealth } from "../health/ask.ts";
import { skewOf } from "../health/skew.ts";
import { note, print, printJson } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { columns } from "../text/table.ts";

export const version = command({
  name: "version",
  description: "Say of which release sy, the control plane and the gateway are (sy --version: sy)",
  args: { ...SERVER_OPTIONS },
  run: async ({ args, io }) => {
    const access = await accessFor(io, args);
    const { parts } = await askHealth(access);
    const { control, gateways } = parts.version;
    const skew = skewOf(control, gateways);
    if (args.json === true) return printJson(io, { sy: RELEASE, control, gateways, skew });
    const serving = gateways.length === 0 ? "unknown: none reported lately" : gateways.join(", ");
    const rows = [
      ["sy", RELEASE],
      ["control", control, access.url],
      ["gateway", serving],
    ];
    print(io, ...columns(rows));
    note(io, ...skew);
  },
});
