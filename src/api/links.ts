import * as v from "valibot";

import { expected, strictObject } from "../lib/strict-object.ts";
import { NameSchema, whole } from "../policy/values.ts";
import { answer, type Definition } from "./definition.ts";
import { DEFAULT_LINK_SECONDS, MAX_LINK_SECONDS } from "./limits.ts";
import { InstantText, NoteSchema } from "./shared.ts";

export const LinkSchema = strictObject(
  {
    variant: NameSchema,
    ttlSeconds: v.exactOptional(whole(1, MAX_LINK_SECONDS, DEFAULT_LINK_SECONDS)),
    url: v.exactOptional(v.string(expected("be a URL", 'write "https://shop.example.com/"'))),
    note: v.exactOptional(NoteSchema),
  },
  "request",
);

/** What a QA link is asked for with. */
export type LinkRequest = v.InferInput<typeof LinkSchema>;

/** A signed QA link; `url` is null where none was given to put it on. */
const LINK = answer(
  "Link",
  v.object({ token: v.string(), url: v.nullable(v.string()), expiresAt: InstantText }),
);

export const LINKS = {
  makeLink: {
    method: "POST",
    path: "/routes/:key/links",
    role: "operate",
    summary: "Sign a QA link",
    body: LinkSchema,
    answers: { 201: LINK },
    problems: [
      "body-invalid",
      "route-not-found",
      "policy-refused",
      "links-off",
      "unknown-variant",
      "request-elsewhere",
    ],
  },
} as const satisfies Record<string, Definition>;
