import type { Report } from "../report/wire.ts";

/** A gateway as reports name it: its release, and the version of its Worker, which is empty where it did not say. */
export interface GatewayName {
  readonly release: string;
  readonly worker: string;
}

/** A gateway as reports name it, in the form in which it is stored. */
export type PackedGateway = readonly [release: string, worker: string];

/** Gateways that are told apart: two are there while one is rolled out, and more only by mistake. */
export const MAX_GATEWAYS = 16;

/** The gateways that isolates are of, each kept once however many isolates it has. */
export class Gateways {
  #known: GatewayName[] = [];

  /**
   * The gateway that a report names; `undefined` where it names no release, or there are too many. `there` says which
   * of them still have isolates: where there is no room the others are forgotten.
   */
  named(
    { release, worker = "" }: Pick<Report, "release" | "worker">,
    there: () => ReadonlySet<GatewayName>,
  ): GatewayName | undefined {
    if (release === undefined) return undefined;
    const known = this.#known.find((one) => one.release === release && one.worker === worker);
    if (known !== undefined) return known;
    if (this.#known.length >= MAX_GATEWAYS) {
      const left = there();
      this.#known = this.#known.filter((gateway) => left.has(gateway));
    }
    if (this.#known.length >= MAX_GATEWAYS) return undefined;
    const gateway = { release, worker };
    this.#known.push(gateway);
    return gateway;
  }

  /** The number under which a stored isolate names its gateway; -1 for none. */
  numberOf(gateway: GatewayName | undefined): number {
    return gateway === undefined ? -1 : this.#known.indexOf(gateway);
  }

  packed(): PackedGateway[] {
    return this.#known.map(({ release, worker }) => [release, worker]);
  }

  /** Takes back what was stored; answers with the gateways by their numbers. */
  load(packed: readonly PackedGateway[]): readonly GatewayName[] {
    this.#known = packed.map(([release, worker]) => ({ release, worker }));
    return this.#known;
  }
}
