import { shardOf } from "../report/shard.ts";
import type {
  MetricsQuery,
  RouteMetrics,
  StatusPage,
  StatusQuery,
  Tagged,
  Unchanged,
} from "../report/answers.ts";
import type { Answers, RouteResults } from "./measure/answers.ts";
import type { Measure } from "./measure/measure.ts";
import { edgeOf } from "./measure/metrics.ts";
import { MINUTE_MS } from "./measure/ring.ts";
import type { HubPlatform } from "./platform.ts";
import { Tags } from "./tags.ts";

const UNCHANGED: Unchanged = { unchanged: true };

/** What is asked without looking at what the answer is of. */
interface Question {
  readonly asked: readonly unknown[];
  /** The last change that the answer may tell of. */
  readonly change: number;
  readonly known: string | undefined;
}

/**
 * Answers with tags. Whether a known one is still good is told from memory alone: no row is read for it. What the clock
 * changes of an answer is told within a minute, and at once where a policy says when.
 */
export class TaggedAnswers {
  readonly #measure: Measure;
  readonly #now: () => number;
  readonly #tags: Tags;
  readonly #answers: (shard: number) => Answers;

  constructor(
    { boot, now }: Pick<HubPlatform, "boot" | "now">,
    measure: Measure,
    answers: (shard: number) => Answers,
  ) {
    this.#measure = measure;
    this.#now = now;
    this.#tags = new Tags(boot);
    this.#answers = answers;
  }

  /** Series of a route; `undefined` where the shard never heard of it. */
  metrics(
    key: string,
    query: MetricsQuery,
    known: string | undefined,
  ): Tagged<RouteMetrics> | undefined {
    const question = this.#ofRoute("metrics", key, [query.window, query.step], known);
    if (this.#isGood(question)) return UNCHANGED;
    const answer = this.#answers(shardOf(key)).metrics(key, query);
    if (answer === undefined || !this.#standsFor(key, answer.series)) return answer;
    return { ...answer, tag: this.#tag(question, [edgeOf(query, this.#now())]) };
  }

  /** What is concluded of the experiments of a route. */
  results(key: string, known: string | undefined): Tagged<RouteResults> | undefined {
    const question = this.#ofRoute("results", key, [], known);
    if (this.#isGood(question)) return UNCHANGED;
    const answer = this.#answers(shardOf(key)).results(key);
    if (answer === undefined || !this.#standsFor(key, answer.experiments)) return answer;
    return { ...answer, tag: this.#tag(question, this.#instantsOf(key)) };
  }

  /** Routes at a glance, in the order of their keys. */
  status(shard: number, query: StatusQuery, known: string | undefined): Tagged<StatusPage> {
    const { prefix, after, limit } = query;
    const asked = ["status", shard, prefix, after, limit];
    const question = { asked, change: this.#measure.changes.last, known };
    if (this.#isGood(question)) return UNCHANGED;
    const answer = this.#answers(shard).status(query);
    const instants = answer.routes.flatMap(({ route }) => this.#instantsOf(route));
    return { ...answer, tag: this.#tag(question, instants) };
  }

  #ofRoute(
    what: string,
    key: string,
    more: readonly unknown[],
    known: string | undefined,
  ): Question {
    const { changes, routes } = this.#measure;
    // Another route may have taken its place, which is not a change of its own.
    const asked = [what, key, routes.get(key) !== undefined, ...more];
    return { asked, change: changes.of(key), known };
  }

  #isGood({ known, asked, change }: Question): boolean {
    return this.#tags.isGood(known, asked, change, this.#now());
  }

  #tag({ asked, change }: Question, instants: readonly number[]): string {
    const minute = (Math.floor(this.#now() / MINUTE_MS) + 1) * MINUTE_MS;
    // Not spread: a page may have very many of them.
    const until = instants.reduce((first, at) => Math.min(first, at), minute);
    return this.#tags.of(asked, change, until);
  }

  /** Whether an answer is the shard's alone: where it is empty, the ledger says whether there is a route at all. */
  #standsFor(key: string, told: readonly unknown[]): boolean {
    const head = this.#measure.store.head(key);
    return told.length > 0 || (head?.listed === true && head.version > 0);
  }

  /** When the clock changes what the policy of a route says (ms). */
  #instantsOf(key: string): number[] {
    const { store, policies } = this.#measure;
    const head = store.head(key);
    if (head?.splits !== true) return [];
    const now = this.#now();
    return [...policies.of(head).splits.values()]
      .flatMap((node) => node.definition.instants(node))
      .filter((at) => at > now);
  }
}
