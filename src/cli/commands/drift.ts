import { adoptRoute, deleteRoute, republishRoute } from "../../api/client/edits.ts";
import { demandYes } from "../ask.ts";
import { command } from "../command.ts";
import { print, printJson } from "../io.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS, YES_OPTION } from "../options.ts";
import { beginEdit, printSettled } from "../route-edit.ts";
import { style } from "../text/style.ts";

export const adopt = command({
  name: "adopt",
  description: "Take a value that was put to KV by hand into the history",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const route = await beginEdit({ args, io });
    await printSettled(route, io, args.json, await adoptRoute(route.client, route.key, route.edit));
  },
});

export const republish = command({
  name: "republish",
  description: "Put the newest version to KV over whatever is there",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS, ...YES_OPTION },
  run: async ({ args, io }) => {
    const { client, key, edit, route } = await beginEdit({ args, io });
    if (io.interactive && args.yes !== true && (await route()).drift !== null)
      await demandYes(io, args.yes, `Throw away what somebody put to KV for ${key} by hand?`);
    const republished = await republishRoute(client, key, edit);
    if (args.json === true) return printJson(io, republished);
    const { version, published } = republished;
    print(io, `${style(io, "bold", key)}  version ${version}  KV has version ${published}`);
  },
});

export const remove = command({
  name: "delete",
  description: "Delete a route; its history stays",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS, ...YES_OPTION },
  run: async ({ args, io }) => {
    const route = await beginEdit({ args, io });
    await demandYes(io, args.yes, `Delete the route ${route.key}? Its history stays.`);
    const edited = await deleteRoute(route.client, route.key, route.edit);
    await printSettled(route, io, args.json, edited);
  },
});
