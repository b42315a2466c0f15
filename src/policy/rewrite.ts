import * as v from "valibot";

import { normalPrefix, writtenPath } from "../lib/path.ts";
import { message, strictObject, words } from "../lib/strict-object.ts";
import { PathTextSchema, PrefixTextSchema } from "./path-text.ts";

/** The path as it is forwarded: another one in its whole place, or in that of the prefix that led there. */
export const RewriteSchema = v.pipe(
  strictObject(
    {
      path: v.exactOptional(PathTextSchema),
      prefix: v.exactOptional(PrefixTextSchema),
    },
    words("rewrite"),
  ),
  v.check(
    ({ path, prefix }) => (path === undefined) !== (prefix === undefined),
    message('must hold either "path" or "prefix"', 'write for example {"prefix": "/x"}'),
  ),
);

export type RewriteInput = v.InferOutput<typeof RewriteSchema>;

/** How the path is rewritten, in normal form. */
export interface Rewrite {
  /** Stands in place of the whole path. */
  readonly path: string | undefined;
  /** Else in place of the matched prefix, without a slash at its end; empty takes that off. */
  readonly prefix: string;
}

/** A rewrite that has passed the schema, ready for use. */
export function compileRewrite({ path, prefix = "" }: RewriteInput): Rewrite {
  return { path: path && writtenPath(path), prefix: normalPrefix(prefix) ?? "" };
}

/** What of a policy's fields says whether the key that leads to it is taken off. */
interface Takes {
  readonly rewrite?: RewriteInput;
  readonly stripPrefix?: boolean;
}

/** Whether the key that leads to a policy is taken off; nothing where the policy does not say. */
export function takesPrefixOff({ rewrite, stripPrefix }: Takes): boolean | undefined {
  return rewrite === undefined
    ? stripPrefix
    : rewrite.prefix !== undefined && compileRewrite(rewrite).prefix === "";
}

/**
 * A policy's rewrite, as its variants have it that say nothing themselves. One that takes the prefix off
 * is none: that is done on the way, so that what stands under the key, or behind the rule, sees the rest.
 */
export function compileDefaultRewrite(written: RewriteInput | undefined): Rewrite | undefined {
  return written === undefined || takesPrefixOff({ rewrite: written }) === true
    ? undefined
    : compileRewrite(written);
}

/** A path as it came, and what of it a policy may take off: each begins the path. */
export interface Place {
  readonly path: string;
  /** What is taken off where nothing is rewritten. */
  readonly prefix: string;
  /** What a prefix is put in place of. */
  readonly matched: string;
}

/** What of the path in front of an origin's own is put in its place by the gateway. */
export function prefixBefore(rewrite: Rewrite | undefined, { prefix, matched }: Place): string {
  return rewrite !== undefined && rewrite.path === undefined ? matched : prefix;
}

/** The path as an origin gets it, below its base; empty for the base itself, no slash behind it. */
export function forwardedPath(rewrite: Rewrite | undefined, place: Place): string {
  if (rewrite?.path !== undefined) return rewrite.path;
  return (rewrite?.prefix ?? "") + place.path.slice(prefixBefore(rewrite, place).length);
}
