import { command } from "../command.ts";
import { beginEdit } from "../action-command.ts";
import { print, printJson } from "../io.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS } from "../options.ts";
import { adoptRoute, deleteRoute, republishRoute } from "../../api/client/edits.ts";
import { settled } from "../../api/client/settled.ts";
import { style } from "../text/style.ts";
import { tellWritten } from "../text/written.ts";

export const adopt = command({
  name: "adopt",
  description: "Take a value that was put to KV by hand into the history",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const { client, key, edit } = await beginEdit({ args, io });
    tellWritten(io, args.json, await settled(client, await adoptRoute(client, key, edit)));
  },
});

export const republish = command({
  name: "republish",
  description: "Put the newest version to KV over whatever is there",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const { client, key, edit } = await beginEdit({ args, io });
    const republished = await republishRoute(client, key, edit);
    if (args.json === true) return printJson(io, republished);
    const { version, published } = republished;
    print(io, `${style(io, "bold", key)}  version ${version}  KV has version ${published}`);
  },
});

export const remove = command({
  name: "delete",
  description: "Delete a route; its history stays",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const { client, key, edit } = await beginEdit({ args, io });
    tellWritten(io, args.json, await settled(client, await deleteRoute(client, key, edit)));
  },
});
