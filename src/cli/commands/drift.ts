import { adoptRoute, deleteRoute, republishRoute } from "../../api/client/edits.ts";
import { accessFor } from "../access/access.ts";
import { adoptAll } from "../adopt-all.ts";
import { demandYes } from "../ask.ts";
import { command, type Call } from "../command.ts";
import { EXIT, usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS, YES_OPTION } from "../options.ts";
import { beginEdit, printSettled } from "../route-edit.ts";
import { connect } from "../server.ts";
import { style } from "../text/style.ts";

type AllArgs = Call<
  typeof ROUTE_EDIT_OPTIONS &
    typeof YES_OPTION & { key: { type: "positional"; required: false }; prefix: { type: "string" } }
>["args"];

async function adoptEvery(io: Io, args: AllArgs): Promise<number> {
  if (args.key !== undefined)
    throw usage("--all is every route, and one is named", "leave one of them out");
  if (args["if-version"] !== undefined)
    throw usage("--if-version is of one route", "leave it out: each is adopted as it is read");
  const client = connect(await accessFor(io, args));
  const { note, "allow-reshuffle": allowReshuffle, override, prefix, yes, json } = args;
  const edit = { note, allowReshuffle, override };
  return adoptAll(io, client, { edit, prefix, yes, json });
}

export const adopt = command({
  name: "adopt",
  description: "Take a value that was put to KV by hand into the history",
  args: {
    key: { ...KEY_ARGUMENT.key, required: false },
    all: { type: "boolean", description: "Of every route; what was deleted by hand is left alone" },
    prefix: { type: "string", description: "With --all: only routes whose key begins so" },
    ...ROUTE_EDIT_OPTIONS,
    ...YES_OPTION,
  },
  run: async ({ args, io }) => {
    const { key, all, prefix, json } = args;
    if (all === true) return adoptEvery(io, args);
    if (key === undefined) throw usage("no route is named", "name one, or add --all");
    if (prefix !== undefined) throw usage("--prefix is for --all", "leave one of them out");
    const route = await beginEdit({ args: { ...args, key }, io });
    await printSettled(route, io, json, await adoptRoute(route.client, route.key, route.edit));
    return EXIT.ok;
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
