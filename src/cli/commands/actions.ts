import { getRoute } from "../../api/client/reads.ts";
import { formatInstant } from "../../lib/instant-text.ts";
import { actionCommand } from "../action-command.ts";
import { Failure } from "../failure.ts";
import { print } from "../io.ts";
import { percentOf, secondsOf, whenOf } from "../numbers.ts";
import { percent } from "../text/bars.ts";
import { weightsOf } from "../weights.ts";

/** What a switch may say in place of an instant, as the API knows it. */
const WORDS = new Set(["safe", "now"]);

const nothing = () => ({});

/** These read the route's policy, and so load the policy language: an action that leaves all that to the server does not wait for it. */
const everybody = async () => import("../everybody.ts");
const located = async () => import("../located.ts");

export const promote = actionCommand({
  name: "promote",
  description: "Give a canary its ramp's next step, a percent, or everybody",
  args: {
    to: { type: "string", description: "Percent of visitors (default: next step, else 100)" },
  },
  parameters: ({ args }) => (args.to === undefined ? {} : { to: percentOf("--to", args.to) }),
  question: async ({ io }, pending) => {
    const { everybodyAfter } = await everybody();
    const variant = await everybodyAfter("promote", pending, io.now());
    return variant && `Everybody gets "${variant}" then. Go on?`;
  },
});

export const pause = actionCommand({
  name: "pause",
  description: "Stop the clock of a canary's ramp",
  args: {},
  parameters: nothing,
});

export const resume = actionCommand({
  name: "resume",
  description: "Let a paused ramp go on where it stopped",
  args: {},
  parameters: nothing,
});

export const abort = actionCommand({
  name: "abort",
  description: "Take everybody off a canary, at once",
  args: {},
  parameters: nothing,
});

export const renew = actionCommand({
  name: "renew",
  description: "Let a canary have visitors for so much longer from now",
  args: {
    for: { type: "string", required: true, description: "For example 30m, 1h30m, 7d" },
    shorten: {
      type: "boolean",
      description: "Also where the lease would end earlier than it does",
    },
  },
  parameters: ({ args }) => ({
    seconds: secondsOf("--for", args.for),
    ...(args.shorten === true ? { shorten: true } : {}),
  }),
  demand: async ({ args, io }, { route, node }) => {
    if (args.shorten === true) return;
    const { leaseEnd } = await located();
    const end = leaseEnd((await route.route()).policy, node);
    if (end === undefined || io.now() + secondsOf("--for", args.for) * 1000 >= end) return;
    const message = `the lease holds until ${formatInstant(end)}, and would end earlier`;
    throw new Failure(message, "say a longer time, or add --shorten", { code: "shortens" });
  },
});

export const switchColour = actionCommand({
  name: "switch",
  description: "Cut a blue-green route over, everywhere at one instant",
  args: {
    to: { type: "string", description: "blue or green (default: the other one)" },
    at: {
      type: "string",
      description: '"safe" (default: once all can know), "now", +5m, or a time (RFC 3339)',
    },
    drain: { type: "string", description: "How long earlier visitors stay on the old colour" },
  },
  parameters: ({ args: { to, at, drain }, io }) => ({
    ...(to === undefined ? {} : { to }),
    ...(at === undefined ? {} : { at: WORDS.has(at) ? at : whenOf("--at", at, io.now()) }),
    ...(drain === undefined ? {} : { drainSeconds: secondsOf("--drain", drain) }),
  }),
});

export const switchBack = actionCommand({
  name: "switch-back",
  description: "Call a cut-over off, or undo the last one, at once",
  args: {},
  parameters: nothing,
});

export const weights = actionCommand({
  name: "weights",
  description: "Change the weights of variants: sy weights shop control=90 bold=10",
  args: { weights: { type: "positional", description: "name=weight, one or more" } },
  open: true,
  parameters: ({ positionals }) => ({ weights: weightsOf(positionals.slice(1)) }),
  after: async ({ io }, { route: { client, key }, node }) => {
    const { sharesAt } = await located();
    const shares = sharesAt((await getRoute(client, key)).policy, node);
    const text = shares.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
    if (text !== "") print(io, `  now: ${text}`);
  },
});

export const force = actionCommand({
  name: "force",
  description: "Give everybody one variant, ahead of everything",
  args: { variant: { type: "positional", description: "The variant" } },
  parameters: ({ args }) => ({ variant: args.variant }),
  question: async ({ args }, { route: { key } }) =>
    `Everybody of ${key} gets "${args.variant}" then, ahead of everything. Go on?`,
});

export const unforce = actionCommand({
  name: "unforce",
  description: "Stop forcing a variant: the policy chooses again",
  args: {},
  parameters: nothing,
});
