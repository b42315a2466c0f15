import * as v from "valibot";

import { RequestDescriptionSchema } from "../decide/request-description.ts";
import { strictObject, expected } from "../lib/strict-object.ts";
import { FlagSchema, NameSchema, whole } from "../policy/values.ts";
import { DEFAULT_LINK_SECONDS, MAX_LINK_SECONDS, MAX_NOTE_CHARS } from "./limits.ts";

/** Why, in the author's words; kept with the version. */
export const NoteSchema = v.pipe(
  v.string(expected("be text", "say why in a sentence")),
  v.maxLength(MAX_NOTE_CHARS, expected(`have at most ${MAX_NOTE_CHARS} characters`, "shorten it")),
);

const VersionSchema = whole(1, Number.MAX_SAFE_INTEGER, 3);

/** Judged by `parse`, whose issues say more than a schema's. */
const AnySchema = v.unknown();

const written = {
  note: v.exactOptional(NoteSchema),
  allowReshuffle: v.exactOptional(FlagSchema),
};

export const PutSchema = strictObject({ policy: AnySchema, ...written }, "request");

export const PatchSchema = strictObject(
  { policy: AnySchema, ...written },
  "merge patch of a route",
);

export const RollbackSchema = strictObject({ version: VersionSchema, ...written }, "rollback");

export const WrittenSchema = strictObject(written, "request");

export const NotedSchema = strictObject({ note: v.exactOptional(NoteSchema) }, "request");

export const ValidateSchema = strictObject({ policy: AnySchema }, "request");

export const ExplainSchema = strictObject({ request: RequestDescriptionSchema }, "request");

/** Of a version, of a draft, or of what is newest. */
export const ExplainRouteSchema = strictObject(
  {
    request: RequestDescriptionSchema,
    version: v.exactOptional(VersionSchema),
    policy: v.exactOptional(AnySchema),
  },
  "request",
);

/** A whole policy, a merge patch of the newest one, or an earlier version. */
export const PreviewSchema = v.pipe(
  strictObject(
    {
      policy: v.exactOptional(AnySchema),
      patch: v.exactOptional(AnySchema),
      version: v.exactOptional(VersionSchema),
      request: v.exactOptional(RequestDescriptionSchema),
      allowReshuffle: v.exactOptional(FlagSchema),
    },
    "request",
  ),
  v.check(
    (body) => ["policy", "patch", "version"].filter((name) => name in body).length === 1,
    expected('hold just one of "policy", "patch", "version"', 'write for example "policy": {…}'),
  ),
);

export const LinkSchema = strictObject(
  {
    variant: NameSchema,
    ttlSeconds: v.exactOptional(whole(1, MAX_LINK_SECONDS, DEFAULT_LINK_SECONDS)),
    url: v.exactOptional(v.string(expected("be a URL", 'write "https://shop.example.com/"'))),
    note: v.exactOptional(NoteSchema),
  },
  "request",
);
