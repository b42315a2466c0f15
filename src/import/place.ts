import { join } from "../lib/issue.ts";
import { nearest } from "../lib/nearest.ts";
import { listed, shorten } from "../lib/shorten.ts";
import type { ObjectReports } from "./report.ts";

/** Characters of a value that a message repeats. */
const MAX_SHOWN = 60;

/** Unknown names of one object that are held against the known ones: past this nobody mistyped. */
const MAX_HINTS = 100;

/** A value in a message: text in quotes, and of anything else its kind, for it may be large or hold itself. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shorten(value, MAX_SHOWN));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return value == null ? "nothing" : `an ${typeof value}`.replace("an b", "a b");
}

/** The children of an object, by name. */
export type Children = ReadonlyMap<string, Place>;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value of a manifest, whatever its shape, with the place where it stands. Reading what it must not be is an error there. */
export class Place {
  readonly value: unknown;
  readonly field: string;
  readonly #reports: ObjectReports;

  constructor(value: unknown, field: string, reports: ObjectReports) {
    this.value = value;
    this.field = field;
    this.#reports = reports;
  }

  error(message: string): undefined {
    this.#reports.tell("error", this.field, message);
  }

  warning(message: string): void {
    this.#reports.tell("warning", this.field, message);
  }

  /** This place with a part of its value. */
  as(value: unknown): Place {
    return new Place(value, this.field, this.#reports);
  }

  /** The place one step further in. */
  at(step: string | number, value?: unknown): Place {
    const field = join(this.field === "" ? "$" : `$.${this.field}`, step).replace(/^\$\.?/, "");
    return new Place(value, field, this.#reports);
  }

  /** All children of an object, whatever their names; `null` counts as absent, as the Kubernetes API has it. */
  children(): Children | undefined {
    const { value } = this;
    if (!isObject(value)) return this.error(`must be an object, not ${shown(value)}`);
    return new Map(
      Object.entries(value).flatMap(([name, child]: [string, unknown]) =>
        child === null ? [] : [[name, this.at(name, child)]],
      ),
    );
  }

  /** The children of an object that may hold just these; any other is an error. */
  fields(known: readonly string[]): Children | undefined {
    const children = this.children();
    if (children === undefined) return undefined;
    const names = new Set(known);
    let hints = MAX_HINTS;
    for (const [name, child] of children) {
      if (names.has(name)) continue;
      hints -= 1;
      const near = hints < 0 ? undefined : nearest(name, known);
      child.error(
        near === undefined
          ? `is not known here; known are ${listed(known)}`
          : `is not known here; did you mean "${near}"?`,
      );
    }
    return children;
  }

  /** The items of a list. */
  items(): readonly Place[] {
    const { value } = this;
    if (Array.isArray(value)) return value.map((item: unknown, index) => this.at(index, item));
    this.error(`must be a list, not ${shown(value)}`);
    return [];
  }

  /** A text; `fits` says what else it must be. */
  text(fits?: { readonly form: RegExp; readonly must: string }): string | undefined {
    const { value } = this;
    if (typeof value !== "string") return this.error(`must be text, not ${shown(value)}`);
    if (fits !== undefined && !fits.form.test(value))
      return this.error(`must be ${fits.must}, not ${shown(value)}`);
    return value;
  }

  /** One of a few words. */
  word<const TWord extends string>(words: readonly TWord[]): TWord | undefined {
    const found = words.find((word) => word === this.value);
    if (found !== undefined) return found;
    return this.error(
      `must be one of ${words.map((word) => `"${word}"`).join(", ")}, not ${shown(this.value)}`,
    );
  }

  /** A whole number within its bounds. */
  whole(low: number, high: number): number | undefined {
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high)
      return value;
    return this.error(`must be a whole number from ${low} to ${high}, not ${shown(value)}`);
  }

  /** True or false. */
  flag(): boolean | undefined {
    const { value } = this;
    if (typeof value === "boolean") return value;
    return this.error(`must be true or false, not ${shown(value)}`);
  }
}

/** The items of a list that may be absent. */
export function itemsOf(place: Place | undefined): readonly Place[] {
  return place?.items() ?? [];
}
