import type { Client } from "../api/client/ask.ts";
import type { Edit } from "../api/client/edits.ts";
import { findRoute, getRoute, type Route } from "../api/client/reads.ts";
import { settled } from "../api/client/settled.ts";
import type { Edited } from "../api/edited.ts";
import { accessFor } from "./access/access.ts";
import type { Call } from "./command.ts";
import type { Io } from "./io.ts";
import { wholeOf } from "./numbers.ts";
import type { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS } from "./options.ts";
import { connect } from "./server.ts";
import { checkedKey } from "./source/key.ts";
import { printEdited } from "./text/edited.ts";

type EditCall = Pick<Call<typeof ROUTE_EDIT_OPTIONS & typeof KEY_ARGUMENT>, "args" | "io">;

/** One edit of one route, before it is made. */
export interface RouteEdit {
  readonly client: Client;
  readonly key: string;
  /** How it is made, and from which version. */
  readonly edit: Edit;
  /** The route as it is now; read once. */
  readonly route: () => Promise<Route>;
}

function begun({ args }: EditCall, client: Client, found: Route | undefined): RouteEdit {
  const key = checkedKey(args.key);
  const wanted = args["if-version"];
  const from =
    wanted === undefined
      ? found?.version
      : wholeOf("--if-version", wanted, 0, Number.MAX_SAFE_INTEGER);
  let route = found;
  return {
    client,
    key,
    edit: {
      from,
      note: args.note,
      allowReshuffle: args["allow-reshuffle"],
      override: args.override,
    },
    route: async () => (route ??= await getRoute(client, key)),
  };
}

/** Begins an edit of a route that must be there: from the version that is read now, or the one of `--if-version`. */
export async function beginEdit(call: EditCall): Promise<RouteEdit> {
  const client = connect(await accessFor(call.io, call.args));
  const key = checkedKey(call.args.key);
  const isNamed = call.args["if-version"] !== undefined;
  return begun(call, client, isNamed ? undefined : await getRoute(client, key));
}

/** Begins an edit that may bring a deleted route back: from the version that is read now, from the one of `--if-version`, or, where there is no route, from none. */
export async function beginRevival(call: EditCall): Promise<RouteEdit> {
  const client = connect(await accessFor(call.io, call.args));
  const key = checkedKey(call.args.key);
  const isNamed = call.args["if-version"] !== undefined;
  return begun(call, client, isNamed ? undefined : await findRoute(client, key));
}

/** Waits until the data plane can have an accepted edit, and prints what it came to. */
export async function printSettled(
  { client }: RouteEdit,
  io: Io,
  json: boolean | undefined,
  edited: Edited,
): Promise<void> {
  printEdited(io, json, await settled(client, edited));
}
