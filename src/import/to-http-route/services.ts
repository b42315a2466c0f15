import { serviceName } from "../backends.ts";
import { Names } from "../names.ts";

const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** Names Services after origins, each its own. */
export class Services {
  readonly #names = new Names();
  readonly #known = new Map<string, { readonly name: string; readonly port: number }>();

  /** The Service's port that stands for an origin. */
  of(origin: string): { readonly name: string; readonly port: number } {
    const known = this.#known.get(origin);
    if (known !== undefined) return known;
    const { hostname, port, protocol } = new URL(origin);
    const name = this.#names.take(hostname.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, ""));
    const made = { name, port: port === "" ? (PORTS[protocol] ?? 0) : Number(port) };
    this.#known.set(origin, made);
    return made;
  }

  /** Origins by what tables of backends call them. */
  get backends(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.#known].map(([origin, { name, port }]) => [
        serviceName("default", name, port),
        origin,
      ]),
    );
  }
}
