import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { readRouteFigures } from "../measure/read.ts";
import { secondsOf } from "../numbers.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { watching } from "../watch/loop.ts";
import { jsonView, lineView, screenView } from "../watch/views.ts";

/** As often as reports come (docs/configuration.md). */
const INTERVAL = "5s";

/** Longer is a job for a scheduler (s). */
const MAX_INTERVAL_SECONDS = 3600;

export const watch = command({
  name: "watch",
  description: "Watch a route: a table drawn over on a terminal, lines in a pipe",
  args: {
    ...KEY_ARGUMENT,
    interval: { type: "string", description: `Between two looks (default ${INTERVAL})` },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const seconds = secondsOf("--interval", args.interval ?? INTERVAL);
    if (seconds < 1 || seconds > MAX_INTERVAL_SECONDS)
      throw usage(
        `--interval must be from 1s to 1h, not "${args.interval}"`,
        "write for example 5s",
      );
    const ending = io.ending();
    const client = connect(await accessFor(io, args));
    const key = checkedKey(args.key);
    const view =
      args.json === true
        ? jsonView(io)
        : io.terminal === undefined
          ? lineView(io)
          : screenView(io, io.terminal, `${seconds} s`);
    const look = async () =>
      readRouteFigures(async (ask) => client({ ...ask, signal: ending }), key);
    await watching({ look, view, intervalMs: seconds * 1000, ending });
  },
});
