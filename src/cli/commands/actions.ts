import { usage } from "../failure.ts";
import { percentOf, secondsOf, whenOf, wholeOf } from "../numbers.ts";
import { actionCommand } from "../action-command.ts";
import { MAX_WEIGHT } from "../../policy/limits.ts";

/** What a switch may say in place of an instant, as the API knows it. */
const WORDS = new Set(["safe", "now"]);

const nothing = () => ({});

export const promote = actionCommand({
  name: "promote",
  description: "Give a canary its ramp's next step, a percent, or everybody",
  args: {
    to: { type: "string", description: "Percent of visitors (default: next step, else 100)" },
  },
  parameters: ({ args }) => (args.to === undefined ? {} : { to: percentOf("--to", args.to) }),
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
  args: { for: { type: "string", required: true, description: "For example 30m, 1h30m, 7d" } },
  parameters: ({ args }) => ({ seconds: secondsOf("--for", args.for) }),
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
  parameters: ({ positionals }) => {
    const pairs = positionals.slice(1).map((text) => {
      const equals = text.lastIndexOf("=");
      if (equals < 1) throw usage(`"${text}" is not a weight`, "write for example control=90");
      const name = text.slice(0, equals);
      return [name, wholeOf(name, text.slice(equals + 1), 0, MAX_WEIGHT)] as const;
    });
    return { weights: Object.fromEntries(pairs) };
  },
});

export const force = actionCommand({
  name: "force",
  description: "Give everybody one variant, ahead of everything",
  args: { variant: { type: "positional", description: "The variant" } },
  parameters: ({ args }) => ({ variant: args.variant }),
});

export const unforce = actionCommand({
  name: "unforce",
  description: "End that",
  args: {},
  parameters: nothing,
});
