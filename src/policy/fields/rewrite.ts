import { dependsOnNothing } from "../cache-key.ts";
import {
  compileDefaultRewrite,
  RewriteSchema,
  type Rewrite,
  type RewriteInput,
} from "../rewrite.ts";
import type { SharedField } from "./definition.ts";

/** The path as it is forwarded, where neither the variant nor its origin says so itself. */
export const rewrite: SharedField<RewriteInput, Rewrite | undefined> = {
  schema: () => RewriteSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written, { once }) => once(written, compileDefaultRewrite),
  cacheKey: dependsOnNothing,
};
