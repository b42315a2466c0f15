import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { check } from "../../support/property.ts";
import { CALM, edit, put } from "./edits.ts";
import { KEY, World, type Fault } from "./model.ts";

/** What the ledger must remember: the texts of all accepted edits, in order. */
interface Model {
  readonly accepted: (string | null)[];
}

type Command = fc.AsyncCommand<Model, World, true>;

/** Two cores and other tests: a run of many small worlds may take a while. */
const LONG_MS = 120_000;

let edits = 0;

/** An edit made from the newest version, or from one that is not; nobody waits for KV. */
class Edit implements Command {
  readonly #isStale: boolean;
  readonly #deletes: boolean;

  constructor(isStale: boolean, deletes: boolean) {
    this.#isStale = isStale;
    this.#deletes = deletes;
  }

  check = async () => true;

  async run(model: Model, world: World): Promise<void> {
    edits += 1;
    const newestOne = world.core.store.latest();
    const latest = newestOne?.version ?? 0;
    const isThere = newestOne !== undefined && newestOne.text !== null;
    // What is not there cannot be deleted.
    const text = this.#deletes && isThere ? null : `"https://${edits}.example.com"`;
    const from = this.#isStale ? latest - 1 : isThere ? latest : "new";
    const committed = world.core.commit(
      text === null ? edit(KEY, from, { kind: "delete" }) : put(KEY, from, text),
      CALM,
    );
    // Accepted before KV is asked, so the model knows at once.
    if (!this.#isStale) model.accepted.push(text);
    const wanted = this.#isStale ? latest : latest + 1;
    const newest = world.core.store.latest()?.version ?? 0;
    if (newest !== wanted) throw new Error(`version ${newest} is newest, not ${wanted}`);
    void committed;
  }

  toString = () => (this.#isStale ? "stale edit" : this.#deletes ? "delete" : "edit");
}

class Step implements Command {
  readonly #name: string;
  readonly #step: (world: World) => void;

  constructor(name: string, step: (world: World) => void) {
    this.#name = name;
    this.#step = step;
  }

  check = async () => true;

  async run(_model: Model, world: World): Promise<void> {
    this.#step(world);
  }

  toString = () => this.#name;
}

const faults = fc.array(fc.constantFrom<Fault>("none", "fails", "lost", "stale"), { maxLength: 4 });

const steps = [
  fc
    .tuple(fc.constantFrom(false, false, false, true), fc.boolean())
    .map(([stale, deletes]) => new Edit(stale, deletes)),
  faults.map((list) => new Step(`faults ${list.join()}`, (world) => void (world.faults = list))),
  fc
    .constantFrom(1, 900, 1500, 60_000, 400_000)
    .map((ms) => new Step(`+${ms} ms`, (world) => void (world.now += ms))),
  fc.constant(new Step("alarm", (world) => void world.ring())),
  fc.constant(new Step("alarm twice", (world) => void [world.ring(), world.core.outbox.run()])),
  fc.constant(new Step("crash", (world) => world.crash())),
];

const commands = fc.commands<Model, World, true>(steps, { maxCommands: 40 });

let hands = 0;

const withHands = fc.commands<Model, World, true>(
  [
    ...steps,
    fc.constant(
      new Step("by hand", (world) => {
        hands += 1;
        world.writeByHand(`"https://hand-${hands}.example.com"`);
      }),
    ),
    fc.constant(new Step("adopt", (world) => void world.adopt())),
    fc.constant(new Step("republish", (world) => void world.republish())),
  ],
  { maxCommands: 40 },
);

it(
  "loses no accepted edit, keeps versions gapless, and ends with the newest in KV, whatever fails",
  { timeout: LONG_MS },
  async () => {
    let runs = 0;
    await check(
      fc.asyncProperty(fc.scheduler(), commands, async (scheduler, list) => {
        runs += 1;
        const stub = env.LEDGER?.getByName(`model-${runs}`);
        if (stub === undefined) throw new Error("no binding");
        await runInDurableObject(stub, async (_, state) => {
          const world = new World(state.storage, scheduler);
          const model: Model = { accepted: [] };
          await fc.scheduledModelRun(scheduler, () => ({ model, real: world }), list);
          await world.settle();

          const versions = model.accepted.map((_text, index) =>
            world.core.store.version(index + 1),
          );
          expect(versions.map((one) => one?.text)).toEqual(model.accepted);
          expect(world.core.store.latest()?.version ?? 0).toBe(model.accepted.length);
          expect(world.stored.text).toBe(model.accepted.at(-1) ?? null);
          expect(world.core.store.publication()?.published ?? 0).toBe(model.accepted.length);

          const order = world.puts.map(({ version }) => version);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
          const gaps = world.puts
            .slice(1)
            .map(({ at }, index) => at - (world.puts[index]?.at ?? 0));
          expect(Math.min(1000, ...gaps)).toBeGreaterThanOrEqual(1000);
        });
      }),
      { runs: 150 },
    );
  },
);

it(
  "never replaces what it saw written by hand, but by republish, and then ends with the newest",
  { timeout: LONG_MS },
  async () => {
    let runs = 0;
    await check(
      fc.asyncProperty(fc.scheduler(), withHands, async (scheduler, list) => {
        runs += 1;
        const stub = env.LEDGER?.getByName(`hands-${runs}`);
        if (stub === undefined) throw new Error("no binding");
        await runInDurableObject(stub, async (_, state) => {
          const world = new World(state.storage, scheduler);
          await fc.scheduledModelRun(
            scheduler,
            () => ({ model: { accepted: [] }, real: world }),
            list,
          );
          await world.settle();
          expect(world.trampled).toEqual([]);

          const newest = world.core.store.latest();
          fc.pre(newest !== undefined);
          const done = world.republish();
          await scheduler.waitIdle();
          await world.settle();
          await done;
          expect(world.stored.text).toBe(world.core.store.latest()?.text);
          const numbers = Array.from({ length: newest?.version ?? 0 }, (_one, index) => index + 1);
          expect(
            numbers.filter((number) => world.core.store.version(number) === undefined),
          ).toEqual([]);
        });
      }),
      { runs: 100 },
    );
  },
);
