import { RETRY_SHARE } from "../../../src/gateway/forward/retry-budget.ts";
import { startBare } from "../hostile/bare.ts";
import { authorityOf, SCHEME_HEADER, Visitor } from "./ask.ts";
import { CF_HEADER, type Backends } from "./backends.ts";
import type { Case, Test } from "./cases.ts";
import { faultsOf, sampleFaults, type Seen } from "./judge.ts";

/** Requests of a sample under way at a time. */
const SAMPLE_LANES = 16;

const TIMED_OUT = 504;

/** Turns of a request that times out where it should not. */
const MAX_TURNS = 3;

/** A host that no route of the data names: for routes that serve any. */
const ANY_HOST = "any.example.net";

/** A host that the routes of a test serve. */
function servedHost({ routes }: Test): string {
  const [hostname] = routes.flatMap(({ hostnames = [] }) => hostnames);
  return hostname?.replace(/^\*/, "any") ?? ANY_HOST;
}

/** What became of each request of a test: what is wrong with it, nothing where it holds. */
export interface Run {
  readonly faults: readonly (readonly string[])[];
}

/** Sends the requests of one test to a gateway of its own. */
class Runner {
  readonly #visitor: Visitor;
  readonly #backends: Backends;
  readonly #test: Test;
  readonly #host: string;

  constructor(test: Test, port: number, backends: Backends) {
    this.#test = test;
    this.#backends = backends;
    this.#host = servedHost(test);
    this.#visitor = new Visitor(port, this.#host);
  }

  async run(): Promise<Run> {
    try {
      await this.#warm();
      await this.#widenBudget();
      const faults: string[][] = [];
      for (const [index, one] of this.#test.requests.entries())
        faults.push(await this.#judged(one, `${this.#test.name}/${index}`));
      return { faults };
    } finally {
      this.#visitor.leave();
    }
  }

  /** The first request of a gateway compiles its policy: on a busy machine that takes longer than a short time-out. */
  async #warm(): Promise<void> {
    const [first] = this.#test.requests;
    if (first !== undefined) await this.#visitor.ask(first.request, `${this.#test.name}/first`);
  }

  /** Retries are a share of what a route is asked: so much it is asked first, and all goes well. */
  async #widenBudget(): Promise<void> {
    const failing = this.#test.requests.filter(
      ({ backendBehaviour }) => backendBehaviour?.failFirst !== undefined,
    );
    const [first] = failing;
    if (first === undefined) return;
    const retries = failing.reduce((sum, one) => sum + (one.backendBehaviour?.failFirst ?? 0), 0);
    const calls = Math.ceil(retries / RETRY_SHARE);
    await inLanes(calls, () => this.#visitor.ask(first.request, `${this.#test.name}/well`));
  }

  async #judged(one: Case, id: string): Promise<string[]> {
    if (one.sample === undefined) return faultsOf(one, await this.#seenInTime(one, id));
    let faults: string[] = [];
    for (let turn = 0; turn < (one.sample.tries ?? 1); turn += 1) {
      const ids = Array.from({ length: one.sample.requests }, (_, at) => `${id}/${turn}/${at}`);
      const answered = await inLanes(ids.length, (at) => this.#seen(one, ids[at] ?? ""));
      const seen =
        one.sample.mirrors === undefined ? answered : await this.#settled(one, answered, ids);
      const single = new Set(seen.flatMap((each) => faultsOf(one, each)));
      // A request that is wrong is wrong in every sample: only what was drawn may be drawn again.
      if (single.size > 0) return [...single];
      faults = sampleFaults(one.sample, seen);
      if (faults.length === 0) break;
    }
    return faults;
  }

  /**
   * The same with all copies that were drawn. A copy leaves the gateway together with what it is a copy of, so once
   * later requests have been there and back, one after another, none is still on its way.
   */
  async #settled(
    { request }: Case,
    seen: readonly Seen[],
    ids: readonly string[],
  ): Promise<Seen[]> {
    for (let turn = 0; turn < SAMPLE_LANES; turn += 1)
      await this.#visitor.ask(request, `${this.#test.name}/after`);
    return seen.map((one, at) => ({ ...one, arrivals: this.#backends.arrivals(ids[at] ?? "") }));
  }

  /** A machine that is busy meets short time-outs where none is expected: then, as the suite does, it is asked again. */
  async #seenInTime(one: Case, id: string): Promise<Seen> {
    let seen = await this.#seen(one, id);
    for (let turn = 1; turn < MAX_TURNS; turn += 1) {
      if (seen.answer.status !== TIMED_OUT || one.expect.status.includes(TIMED_OUT)) break;
      seen = await this.#seen(one, `${id}/again-${turn}`);
    }
    return seen;
  }

  async #seen({ request, backendBehaviour, expect }: Case, id: string): Promise<Seen> {
    this.#backends.behave(id, backendBehaviour ?? {});
    const answer = await this.#visitor.ask(request, id);
    for (const { backend, percent } of expect.mirrors ?? [])
      if (percent === 100) await this.#backends.copied(id, backend, 1);
    return {
      answer,
      arrivals: this.#backends.arrivals(id),
      url: `${request.scheme ?? "http"}://${authorityOf(request, this.#host)}${request.path}`,
    };
  }
}

/** Calls so many times, {@link SAMPLE_LANES} at once; results in order. */
async function inLanes<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  async function lane(): Promise<void> {
    for (let index = next++; index < count; index = next++) results[index] = await call(index);
  }
  await Promise.all(Array.from({ length: SAMPLE_LANES }, lane));
  return results;
}

/**
 * Runs one test: `policies` in KV and nothing else, a gateway in a workerd of its own with nothing before it, so that
 * hosts, ports and fields are what the data says, and backends behind it.
 */
export async function runTest(
  test: Test,
  policies: Readonly<Record<string, unknown>>,
  backends: Backends,
): Promise<Run> {
  // As JSON: a bare origin is a policy too.
  const texts = Object.entries(policies).map(([key, policy]) => [key, JSON.stringify(policy)]);
  const gateway = await startBare({
    policies: Object.fromEntries(texts) as Record<string, string>,
    outboundPort: backends.port,
    outboundCfHeader: CF_HEADER,
    schemeHeader: SCHEME_HEADER,
  });
  try {
    return await new Runner(test, gateway.port, backends).run();
  } finally {
    await gateway.close();
  }
}
