import * as v from "valibot";

import { ROLES } from "../lib/roles.ts";
import { answer, type Definition } from "./definition.ts";
import { InstantText } from "./shared.ts";

/** Who asks, and what for. */
const CALLER = answer(
  "Caller",
  v.object({
    name: v.string(),
    role: v.picklist(ROLES),
    scope: v.array(v.string()),
    /** What proves it. */
    by: v.picklist(["token", "session", "access"]),
    /** When the session is over; absent where there is none. */
    expiresAt: v.exactOptional(InstantText),
  }),
);

/** A code by which a browser signs in to the console, once. */
const SIGN_IN_CODE = answer(
  "SignInCode",
  v.object({ code: v.string(), url: v.string(), expiresAt: InstantText }),
);

export const SIGN_IN = {
  me: {
    method: "GET",
    path: "/me",
    role: "read",
    summary: "Who asks: name, role and scope, and when a session of the console is over",
    answers: { 200: CALLER },
    problems: [],
  },
  makeSignInCode: {
    method: "POST",
    path: "/sign-in-codes",
    role: "read",
    summary: "Make a one-time code that signs a browser in to the console as the token that asks",
    answers: { 201: SIGN_IN_CODE },
    problems: ["sessions-off", "hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
