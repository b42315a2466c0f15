import type { Common } from "./common.ts";
import type { SharedContext } from "./fields/definition.ts";
import type { FieldEntry, Language } from "./language.ts";
import { DEFAULT_TIMEOUT_MS } from "./limits.ts";
import type { Once } from "./once.ts";
import { compileDefaultRewrite } from "./rewrite.ts";
import { compileEdits, compileOrigin, compileVariant } from "./variant.ts";

/** The common fields in force, and what is made of them for all nodes that have the same. */
export interface Shared {
  readonly context: SharedContext;
  readonly compiled: object;
}

/** What fields may use that do not depend on their node. */
export function sharedContextOf(fields: Common, once: Once): SharedContext {
  const defaults = {
    timeoutMs: fields.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    edits: once.of(fields.headers, compileEdits),
    rewrite: once.of(fields.rewrite, compileDefaultRewrite),
  };
  return {
    fields,
    edits: defaults.edits,
    variantOf: (written) =>
      compileVariant(written, defaults, once.of(written.origin, compileOrigin)),
    once: (value, make) => once.of(value, make),
  };
}

/** The part of fields of either kind that compiles them. */
interface Compiling<TContext> {
  compile(written: unknown, context: TContext): unknown;
}

/** The compiled forms of fields, by name. */
export function compileFields<TContext extends SharedContext>(
  entries: readonly FieldEntry<Compiling<TContext>>[],
  context: TContext,
): object {
  const compiled: Record<string, unknown> = {};
  for (const [name, field] of entries)
    compiled[name] = field.compile(context.fields[name], context);
  return compiled;
}

/** What is made of fields in force once, for all nodes to which nothing is added. */
export function share(
  fields: Common,
  { language, once }: { readonly language: Language; readonly once: Once },
): Shared {
  const context = sharedContextOf(fields, once);
  return { context, compiled: compileFields(language.sharedFields, context) };
}
