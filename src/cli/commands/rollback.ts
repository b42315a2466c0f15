import { rollbackRoute } from "../../api/client/edits.ts";
import { listVersions } from "../../api/client/reads.ts";
import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { wholeOf } from "../numbers.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS } from "../options.ts";
import { beginRevival, printSettled } from "../route-edit.ts";

export const rollback = command({
  name: "rollback",
  description: "Make an earlier version the newest; brings deleted routes back too",
  args: {
    ...KEY_ARGUMENT,
    to: { type: "string", description: "The version (default: the one before the newest)" },
    ...ROUTE_EDIT_OPTIONS,
  },
  run: async ({ args, io }) => {
    const to =
      args.to === undefined ? undefined : wholeOf("--to", args.to, 1, Number.MAX_SAFE_INTEGER);
    const route = await beginRevival({ args, io });
    const { client, key, edit } = route;
    const version = to ?? (await listVersions(client, key, 2)).versions[1]?.version;
    if (version === undefined)
      throw usage(`"${key}" has one version only`, "there is nothing to go back to");
    const edited = await rollbackRoute(client, key, { ...edit, version });
    await printSettled(route, io, args.json, edited);
  },
});
