import type { Step } from "./spot.ts";

/** As much of JSON Schema (2020-12) as the policy's own uses. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A name or a value that may be written. */
export interface Suggestion {
  readonly label: string;
  /** The kind of value, in a word or two. */
  readonly detail?: string;
  readonly info?: string;
  /** Of a name: what its value may begin with; of a value: what is written. */
  readonly text: string;
  readonly isRequired: boolean;
}

const DEFS = "#/$defs/";

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;

/** Reads the schema of policies from any place in one. */
export class Reader {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  /** Every form that a value may have, with the description of the outermost that has one. */
  #forms(schema: Schema, description?: string): Schema[] {
    const told = description ?? schema.description;
    if (schema.$ref !== undefined) {
      const named = own(this.#root.$defs, schema.$ref.slice(DEFS.length));
      return named === undefined ? [] : this.#forms(named, told);
    }
    if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => this.#forms(one, told));
    return [told === undefined ? schema : { ...schema, description: told }];
  }

  /** Whether an object with such texts in its fields may have this form. */
  #fits(form: Schema, texts: Readonly<Record<string, string | undefined>>): boolean {
    return Object.entries(texts).every(([name, text]) => {
      const field = own(form.properties, name);
      if (field === undefined || text === undefined) return true;
      const values = this.#forms(field).map((one) => one.enum ?? [one.const]);
      return values.some((list) => list.includes(undefined) || list.includes(text));
    });
  }

  #into(form: Schema, { step, beside }: Step): Schema[] {
    if (typeof step === "number") return form.items === undefined ? [] : this.#forms(form.items);
    if (!this.#fits(form, beside)) return [];
    const field = own(form.properties, step);
    if (field !== undefined) return this.#forms(field);
    const { additionalProperties: others } = form;
    return typeof others === "object" ? this.#forms(others) : [];
  }

  #at(way: readonly Step[]): Schema[] {
    let forms = this.#forms(this.#root);
    for (const step of way) forms = forms.flatMap((form) => this.#into(form, step));
    return forms;
  }

  /** The fields that an object may have beside those that are written in it, the required ones first. */
  names(
    way: readonly Step[],
    written: Readonly<Record<string, string | undefined>>,
  ): readonly Suggestion[] {
    const found = new Map<string, Suggestion>();
    for (const form of this.#at(way).filter((one) => this.#fits(one, written)))
      for (const [name, field] of Object.entries(form.properties ?? {})) {
        if (Object.hasOwn(written, name) || found.has(name)) continue;
        const forms = this.#forms(field);
        const info = forms[0]?.description;
        found.set(name, {
          label: name,
          detail: [...new Set(forms.map(kindOf))].join(" | "),
          ...(info === undefined ? {} : { info }),
          text: beginningOf(forms),
          isRequired: form.required?.includes(name) ?? false,
        });
      }
    return [...found.values()].toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired));
  }

  /** The values that are known of a place: those of a list, and true or false. */
  values(way: readonly Step[]): readonly Suggestion[] {
    const known = this.#at(way).flatMap((form): unknown[] => {
      if (form.enum !== undefined) return [...form.enum];
      if (form.const !== undefined) return [form.const];
      return form.type === "boolean" ? [true, false] : [];
    });
    return [...new Set(known)].map((value) => {
      const text = JSON.stringify(value);
      return { label: text, text, isRequired: false };
    });
  }
}

function kindOf({ type, enum: list, const: only, minimum, maximum }: Schema): string {
  if (only !== undefined) return JSON.stringify(only);
  if (list !== undefined) return list.map((one) => JSON.stringify(one)).join(" | ");
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 1e9;
  return isBounded ? `${minimum}…${maximum}` : (type ?? "value");
}

const BEGINNINGS: Readonly<Record<string, string>> = { object: "{}", array: "[]", string: '""' };

function beginningOf(forms: readonly Schema[]): string {
  const [form] = forms;
  if (forms.length !== 1 || form === undefined) return "";
  if (form.const !== undefined) return JSON.stringify(form.const);
  if (form.enum !== undefined) return '""';
  return BEGINNINGS[form.type ?? ""] ?? "";
}
