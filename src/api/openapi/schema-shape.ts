import type * as v from "valibot";

import type { Language } from "../../policy/language.ts";
import { OriginUrlSchema } from "../../policy/origin-values.ts";

export type Schema = v.GenericSchema;

/** Whether a value is a schema of valibot's, which types each kind of its own. */
export const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "schema";

/** A part of a schema by its name in valibot's own objects. */
function part(schema: Schema, name: string): unknown {
  return Object.hasOwn(schema, name) ? Reflect.get(schema, name) : undefined;
}

/** Inputs that lead a `lazy` schema of ours down each of its branches, a policy's aside. */
const PROBES: readonly unknown[] = ["", "now", false, 1, [], [1], {}, { query: "" }, { not: 1 }];

/** What valibot's objects do not tell of the schemas of one language. */
export class Shapes {
  readonly #language: Language;

  constructor(language: Language) {
    this.#language = language;
  }

  /** Where a `lazy` schema leads, its refusals aside; empty for any other schema. */
  alternativesOf(schema: Schema): Schema[] {
    const { policy, policies } = this.#language;
    if (schema === policy) return [OriginUrlSchema, ...Object.values(policies)];
    const getter = Array.isArray(part(schema, "pipe")) ? undefined : part(schema, "getter");
    if (typeof getter !== "function") return [];
    const alternatives = PROBES.map((probe): unknown => Reflect.apply(getter, undefined, [probe]));
    return [...new Set(alternatives)]
      .filter((one) => isSchema(one))
      .filter((one) => this.rootOf(one).type !== "custom");
  }

  /** What a schema comes down to without its pipe, its wrapping, and a `lazy` that leads one way only. */
  rootOf(schema: Schema): Schema {
    const pipe = part(schema, "pipe");
    const alternatives = this.alternativesOf(schema);
    const inner: unknown = Array.isArray(pipe)
      ? pipe[0]
      : (part(schema, "wrapped") ?? alternatives[0]);
    return isSchema(inner) && inner !== schema && alternatives.length < 2
      ? this.rootOf(inner)
      : schema;
  }

  /** A field of an object's schema. */
  entryOf(schema: Schema, field: string): Schema | undefined {
    const entries = part(this.rootOf(schema), "entries");
    if (typeof entries !== "object" || entries === null) return undefined;
    const entry: unknown = Object.entries(entries).find(([one]) => one === field)?.[1];
    return isSchema(entry) ? entry : undefined;
  }
}
