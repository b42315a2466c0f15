import { redirect, respond } from "../policy/judge.ts";

/** The strategies that end at the gateway, each with what comes of its plainest policy. */
export const ENDS = {
  redirect: { make: redirect, outcome: { do: "redirect", status: 302 } },
  respond: { make: respond, outcome: { do: "respond", status: 503 } },
} as const;
