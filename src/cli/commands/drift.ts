import * as v from "valibot";

import { command } from "../command.ts";
import { beginEdit } from "../action-command.ts";
import { print, printJson } from "../io.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS } from "../options.ts";
import { bodyOf, deleteRoute, pathOf, postDeed, settled } from "../server/routes.ts";
import { style } from "../text/style.ts";
import { tellWritten } from "../text/written.ts";

const RepublishedSchema = v.object({ key: v.string(), version: v.number(), published: v.number() });

export const adopt = command({
  name: "adopt",
  description: "Take a value that was put to KV by hand into the history",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const { client, key, edit } = await beginEdit({ args, io });
    tellWritten(io, args.json, await settled(client, await postDeed(client, key, "adopt", edit)));
  },
});

export const republish = command({
  name: "republish",
  description: "Put the newest version to KV over whatever is there",
  args: { ...KEY_ARGUMENT, ...ROUTE_EDIT_OPTIONS },
  run: async ({ args, io }) => {
    const { client, key, edit } = await beginEdit({ args, io });
    const answer = await client({
      method: "POST",
      path: pathOf(key, "/republish"),
      body: edit.note === undefined ? {} : { note: edit.note },
      headers: { "if-match": `"${edit.from}"` },
    });
    if (args.json === true) return printJson(io, answer.body);
    const { version, published } = bodyOf(RepublishedSchema, answer);
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
