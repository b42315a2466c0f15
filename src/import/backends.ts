import { shorten } from "../lib/shorten.ts";
import type { Place } from "./place.ts";

/**
 * Origins by what they are called in the input: `namespace/service:port`. `null` stands for a
 * backend that is known not to exist.
 */
export type Backends = ReadonlyMap<string, string | null>;

/** The ways to write a backend, the whole name first: people leave out what is clear to them. */
function spellingsOf(name: string): string[] {
  const withoutPort = name.replace(/:[^:/]*$/, "");
  const withoutNamespace = (text: string): string => text.replace(/^[^/]*\//, "");
  return [name, withoutPort, withoutNamespace(name), withoutNamespace(withoutPort)];
}

/** Looks backends up, and remembers those that nobody has named an origin for. */
export class BackendTable {
  readonly #origins: Backends;
  readonly #missing = new Set<string>();

  constructor(origins: Backends) {
    this.#origins = origins;
  }

  /** Names without an origin, each once, in the order in which they were met. */
  get missing(): readonly string[] {
    return [...this.#missing];
  }

  /** The origin of a backend, which must exist; without one, an error at its place. */
  find(name: string, place: Place): string | undefined {
    const origin = this.seek(name, place);
    return origin === null
      ? place.error(`is said not to exist: name an origin for "${name}"`)
      : origin;
  }

  /** The origin of a backend, or `null` of one that is known not to exist; without either, an error at its place. */
  seek(name: string, place: Place): string | null | undefined {
    for (const spelling of spellingsOf(name)) {
      const origin = this.#origins.get(spelling);
      if (origin === undefined) continue;
      return origin === null || URL.canParse(origin)
        ? origin
        : place.error(`"${shorten(origin)}", which "${name}" stands for, is not a URL`);
    }
    this.#missing.add(name);
    return place.error(
      `has no origin: name one for "${name}", as with --backend ${name}=https://…`,
    );
  }
}

/** What a Service's port is called in a table of backends. */
export const serviceName = (namespace: string, name: string, port: number | string): string =>
  `${namespace}/${name}:${port}`;
