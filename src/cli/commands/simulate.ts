import { factsOfDescription, timeOfDescription } from "../../decide/request-description.ts";
import { branchesOf } from "../../preview/changed-paths.ts";
import { candidateOf, urlFor } from "../../preview/plan.ts";
import { PREVIEW_VISITORS, previewPath } from "../../preview/preview-path.ts";
import { compile } from "../../policy/compile.ts";
import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { note, print, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { REQUEST_OPTIONS, SERVER_OPTIONS, VISITOR_OPTIONS } from "../options.ts";
import { pathOption } from "../path-option.ts";
import { describeRequest } from "../request.ts";
import type { RoutePolicy } from "../source/local.ts";
import { policyNamed } from "../source/named.ts";
import { distribution, grouped } from "../text/bars.ts";
import { style } from "../text/style.ts";

/** More visitors say nothing more: the share is known to a tenth of a percentage point by then. */
const MAX_VISITORS = 1_000_000;

/** Branches shown for a policy without `--path`. */
const MAX_BRANCHES = 10;

function pathsOf({ policy }: RoutePolicy, wanted: string | undefined, io: Io): string[] {
  if (wanted !== undefined) return [pathOption(wanted)];
  const all = [...branchesOf(policy).keys()].toSorted();
  if (all.length > MAX_BRANCHES)
    note(io, `${all.length - MAX_BRANCHES} more branches; choose one with --path`);
  return all.slice(0, MAX_BRANCHES);
}

export const simulate = command({
  name: "simulate",
  description: "Show which share of visitors gets which variant, as a bar chart",
  args: {
    policy: { type: "positional", description: "A policy file, or the key of a live route" },
    key: { type: "string", description: "The route's key (default: the file's name)" },
    path: {
      type: "string",
      description: "What visitors ask for, below the tenant (default: each branch)",
    },
    visitors: {
      type: "string",
      description: `How many (default ${PREVIEW_VISITORS})`,
      valueHint: "n",
    },
    ...REQUEST_OPTIONS,
    ...VISITOR_OPTIONS,
    ...SERVER_OPTIONS,
  },
  repeatable: ["header"],
  run: async ({ args, all, io }) => {
    const one = args.visitor === undefined ? args["seen-at"] && "--seen-at" : "--visitor";
    if (one !== undefined)
      throw usage(`${one} is about one visitor, and simulate sends many`, "ask sy explain");
    const count = wholeOf("--visitors", args.visitors ?? `${PREVIEW_VISITORS}`, 1, MAX_VISITORS);
    const keyed = await policyNamed(io, args.policy, args);
    const compiled = compile(keyed.policy, keyed.key);
    const candidate = candidateOf(keyed.key);
    const results = pathsOf(keyed, args.path, io).map((path) => {
      const url = urlFor(keyed.key, path);
      const described = describeRequest(url, all("header"), args, io.now());
      const facts = factsOfDescription(described, {
        candidate,
        cookieNames: [],
        now: timeOfDescription(described, io.now()),
        randomId: () => "",
        override: undefined,
      });
      return previewPath(compiled, compiled, facts, count);
    });
    if (args.json === true) {
      const paths = results.map(({ path, after }) => ({ path, shares: after }));
      printJson(io, { key: keyed.key, visitors: count, paths });
      return;
    }
    for (const result of results) {
      const title = style(io, "bold", keyed.key + (result.path === "/" ? "" : result.path));
      print(io, `${title}  ${grouped(count)} visitors`, ...distribution(io, result));
    }
  },
});
