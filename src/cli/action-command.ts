import type { ArgsDef } from "citty";

import { runAction } from "../api/client/edits.ts";
import type { ActionName } from "../policy/actions/names.ts";
import { demandYes } from "./ask.ts";
import { command, type Call, type Command } from "./command.ts";
import { usage } from "./failure.ts";
import { KEY_ARGUMENT, ROUTE_EDIT_OPTIONS, YES_OPTION } from "./options.ts";
import { pathOption } from "./path-option.ts";
import { beginEdit, printSettled, type RouteEdit } from "./route-edit.ts";

const NODE_OPTIONS = {
  node: {
    type: "string",
    description: "The policy inside a path-map, as a JSON pointer: /paths/~1store",
  },
  path: { type: "string", description: "The policy inside a path-map, by its prefix: /store" },
} as const;

/** The options of every action beside its own. */
const COMMON_OPTIONS = { ...NODE_OPTIONS, ...ROUTE_EDIT_OPTIONS, ...YES_OPTION } as const;

type CommonArgs = Call<typeof COMMON_OPTIONS & typeof KEY_ARGUMENT>["args"];

/** The pointer to the policy that an action is for; empty for the route's whole policy. */
function pointerOf({ node, path }: CommonArgs): string {
  if (node !== undefined && path !== undefined)
    throw usage("--node and --path both say where", "give one of them");
  if (path === undefined) return node ?? "";
  return `/paths/${pathOption(path).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** One action that is about to be run on one policy. */
export interface Pending {
  readonly route: RouteEdit;
  /** Where the policy stands in the route's; empty for the whole. */
  readonly node: string;
  /** The action's own parameters. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface ActionCommand<TArgs extends ArgsDef> {
  readonly name: ActionName;
  readonly description: string;
  /** Positional ones follow the key. */
  readonly args: TArgs;
  readonly open?: boolean;
  /** What the action takes beside the place. */
  readonly parameters: (call: Call<TArgs>) => Readonly<Record<string, unknown>>;
  /** Checks that need the route; throws where the action must not be run. */
  readonly demand?: (call: Call<TArgs>, pending: Pending) => Promise<void>;
  /** What somebody at a terminal is asked before the action is run; nothing for no question. */
  readonly question?: (call: Call<TArgs>, pending: Pending) => Promise<string | undefined>;
  /** More lines for people, once it has been run. */
  readonly after?: (call: Call<TArgs>, pending: Pending) => Promise<void>;
}

/** A command for one of the API's actions: all are read, confirmed, run and printed alike. */
export function actionCommand<const TArgs extends ArgsDef>({
  name,
  description,
  args,
  open = false,
  parameters: parametersOf,
  demand,
  question,
  after,
}: ActionCommand<TArgs>): Command {
  return command({
    name,
    description,
    open,
    args: { ...KEY_ARGUMENT, ...args, ...COMMON_OPTIONS } as const,
    run: async (call) => {
      const { io } = call;
      // The action's own arguments are among those declared just above, and so are the common ones.
      const common = call.args as CommonArgs;
      const parameters = parametersOf(call);
      const node = pointerOf(common);
      const route = await beginEdit({ args: common, io });
      const pending = { route, node, parameters };
      await demand?.(call, pending);
      const asked =
        io.interactive && common.yes !== true ? await question?.(call, pending) : undefined;
      if (asked !== undefined) await demandYes(io, common.yes, asked);
      const edited = await runAction(route.client, route.key, name, {
        ...route.edit,
        parameters: { ...(node === "" ? {} : { node }), ...parameters },
      });
      await printSettled(route, io, common.json, edited);
      if (common.json !== true) await after?.(call, pending);
    },
  });
}
