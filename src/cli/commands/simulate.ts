import { factsOfDescription, timeOfDescription } from "../../decide/request-description.ts";
import { branchesOf } from "../../preview/changed-paths.ts";
import { candidateOf } from "../../preview/plan.ts";
import { PREVIEW_VISITORS, previewPath } from "../../preview/preview-path.ts";
import { compile } from "../../policy/compile.ts";
import { command } from "../command.ts";
import { Failure, usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { REQUEST_OPTIONS, SERVER_OPTIONS } from "../options.ts";
import { describe } from "../request.ts";
import { getRoute } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { accessFor } from "../settings.ts";
import { checkedKey, localPolicy, type Keyed } from "../source/local.ts";
import { parseValue } from "../../policy/parse.ts";
import { distribution, grouped } from "../text/bars.ts";
import { style } from "../text/style.ts";

/** More tell nothing more: the share is known to a tenth of a percentage point by then. */
const MAX_VISITORS = 1_000_000;

/** Branches shown for a policy without `--path`. */
const MAX_BRANCHES = 10;

function countOf(text: string | undefined): number {
  const count = text === undefined ? PREVIEW_VISITORS : /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_VISITORS) return count;
  throw usage(
    `--visitors must be a whole number from 1 to ${MAX_VISITORS}, not "${text}"`,
    `leave it out for ${PREVIEW_VISITORS}`,
  );
}

/** The host a visitor of a key may ask for. */
function hostFor(key: string): string {
  if (key.startsWith("*.")) return `any${key.slice(1)}`;
  return key.includes(".") ? key : "host.invalid";
}

function pathsOf({ policy }: Keyed, wanted: string | undefined, io: Io): string[] {
  if (wanted !== undefined) return [wanted];
  const all = [...branchesOf(policy).keys()].toSorted();
  if (all.length > MAX_BRANCHES)
    io.stderr.write(`${all.length - MAX_BRANCHES} more branches; choose one with --path\n`);
  return all.slice(0, MAX_BRANCHES);
}

/** The policy of a file, or of a route where the name is none of a file. */
async function policyFor(
  io: Io,
  name: string,
  args: { key?: string | undefined; url?: string | undefined; token?: string | undefined },
): Promise<Keyed> {
  if (/\.(?:json|ya?ml)$/i.test(name)) return localPolicy(io, name, args.key, "*");
  const key = checkedKey(name);
  const { policy } = await getRoute(connect(await accessFor(io, args)), key);
  const parsed = parseValue(policy, { allowPrivateOrigins: true });
  if (parsed.ok) return { key, policy: parsed.policy };
  throw new Failure(`"${key}" has no valid policy`, "look at it with sy get");
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
    ...SERVER_OPTIONS,
  },
  repeatable: ["header"],
  run: async ({ args, all, io }) => {
    const count = countOf(args.visitors);
    const keyed = await policyFor(io, args.policy, args);
    const compiled = compile(keyed.policy, keyed.key);
    const candidate = candidateOf(keyed.key);
    const results = pathsOf(keyed, args.path, io).map((path) => {
      const described = describe({
        url: `http://${hostFor(keyed.key)}${candidate.prefix}${path}`,
        headers: all("header"),
        method: args.method,
        country: args.country,
        ip: args.ip,
        bot: args.bot,
        visitor: args.visitor,
        seenAt: args["seen-at"],
        at: args.at,
      });
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
      print(io, `${title}  ${grouped(count)} visitors`);
      print(io, distribution(io, result));
    }
  },
});
