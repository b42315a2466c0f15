import * as v from "valibot";

import { ROLES } from "../lib/roles.ts";
import { answer, type Definition } from "./definition.ts";

const GRANT_FIELDS = { role: v.picklist(ROLES), scope: v.array(v.string()) };

/** Who may call the API, and what for; never what proves it. */
const GRANTS = answer(
  "Grants",
  v.object({
    /** `you` is the token that asks. */
    tokens: v.array(v.object({ name: v.string(), ...GRANT_FIELDS, you: v.boolean() })),
    access: v.array(v.object({ email: v.string(), team: v.string(), ...GRANT_FIELDS })),
    /** How many others there are, whose scope is beyond the caller's. */
    beyond: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
);

export const TOKEN_READS = {
  listTokens: {
    method: "GET",
    path: "/tokens",
    role: "write",
    summary: "Who may call the API: names, roles and scopes, as far as the caller's own scope goes",
    answers: { 200: GRANTS },
    problems: [],
  },
} as const satisfies Record<string, Definition>;
