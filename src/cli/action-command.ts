import type { ArgsDef } from "citty";

import type { ActionName } from "../policy/actions/schema.ts";
import { command, type Call, type Command } from "./command.ts";
import { usage } from "./failure.ts";
import { wholeOf } from "./numbers.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS } from "./options.ts";
import { runAction, type Edit } from "../api/client/edits.ts";
import { findRoute, getRoute } from "../api/client/reads.ts";
import { settled } from "../api/client/settled.ts";
import { connect } from "./server.ts";
import { pathOption } from "./path-option.ts";
import { accessFor } from "./access/access.ts";
import { checkedKey } from "./source/local.ts";
import { tellWritten } from "./text/written.ts";

const NODE_OPTIONS = {
  node: {
    type: "string",
    description: "The policy inside a path-map, as a JSON pointer: /paths/~1store",
  },
  path: { type: "string", description: "The same by its prefix: /store" },
} as const;

type Given = {
  readonly [TName in keyof typeof ROUTE_EDIT_OPTIONS | "key"]?: string | boolean | undefined;
};

type EditCall = Pick<Call<typeof ROUTE_EDIT_OPTIONS & typeof KEY_ARGUMENT>, "args" | "io">;

/** What an edit of one route needs before it is made: the route, and the version it is made from. */
export async function beginEdit({ args, io }: EditCall) {
  const client = connect(await accessFor(io, args));
  const key = checkedKey(args.key);
  const wanted = args["if-version"];
  const from =
    wanted === undefined
      ? (await getRoute(client, key)).version
      : wholeOf("--if-version", wanted, 0, Number.MAX_SAFE_INTEGER);
  return { client, key, edit: editOf(args, from) };
}

/** The same for an edit that brings a deleted route back too: that has no version to be made from. */
export async function beginRevival({ args, io }: EditCall) {
  const client = connect(await accessFor(io, args));
  const key = checkedKey(args.key);
  const isThere = args["if-version"] !== undefined || (await findRoute(client, key)) !== undefined;
  return isThere ? beginEdit({ args, io }) : { client, key, edit: editOf(args, undefined) };
}

function editOf(args: EditCall["args"], from: number | undefined): Edit {
  return { from, note: args.note, allowReshuffle: args["allow-reshuffle"] };
}

function pointer(args: Readonly<Record<string, unknown>>): { node?: string } {
  const { node, path } = args as { node?: string; path?: string };
  if (node !== undefined && path !== undefined)
    throw usage("--node and --path both say where", "give one of them");
  if (path !== undefined)
    return { node: `/paths/${pathOption(path).replaceAll("~", "~0").replaceAll("/", "~1")}` };
  return node === undefined ? {} : { node };
}

interface ActionCommand<TArgs extends ArgsDef> {
  readonly name: ActionName;
  readonly description: string;
  /** Positional ones follow the key. */
  readonly args: TArgs;
  readonly open?: boolean;
  /** What the action takes beside the place. */
  readonly parameters: (call: Call<TArgs>) => object;
}

/** A command for one of the API's actions: all are read, done and told alike. */
export function actionCommand<const TArgs extends ArgsDef>({
  name,
  description,
  args,
  open = false,
  parameters,
}: ActionCommand<TArgs>): Command {
  return command({
    name,
    description,
    open,
    args: { ...KEY_ARGUMENT, ...args, ...NODE_OPTIONS, ...ROUTE_EDIT_OPTIONS } as const,
    run: async (call) => {
      // The action's own arguments are among those declared just above.
      const own = parameters(call);
      const place = pointer(call.args);
      const { client, key, edit } = await beginEdit(call);
      const whole = { ...edit, parameters: { ...place, ...own } };
      const written = await runAction(client, key, name, whole);
      tellWritten(call.io, (call.args as Given)["json"] === true, await settled(client, written));
    },
  });
}
