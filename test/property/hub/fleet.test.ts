import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { Change } from "../../../src/ledger/edit-types.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { shardOf } from "../../../src/report/shard.ts";
import { storedRequests } from "../../support/hub.ts";
import { check } from "../../support/property.ts";
import { Fleet, KEY, SPLIT_KEY } from "./fleet.ts";
import type { Isolate } from "./isolate.ts";
import { faultsOf } from "./measured.ts";
import type { Fault } from "./world.ts";

/** Runs in `npm test`; `SY_RUNS=50 npm run explore` makes 10 000 of them. */
const RUNS = 200;

/** Each report's requests are a power of this: the sum tells which reports counted, and how often. */
const BASE = 4;

/** As many powers as a number holds exactly. */
const MAX_COUNTED = 24;

type Step = (fleet: Fleet) => unknown;

const fault = fc.constantFrom<Fault>("none", "none", "fails", "lost");

let counted = 0;

const report = (who: number, how: Fault) => (fleet: Fleet) => {
  const isolate = fleet.isolates[who];
  if (isolate === undefined) return;
  const isNew = isolate.waiting === undefined;
  const requests = isNew && counted < MAX_COUNTED ? BASE ** counted : 0;
  if (requests > 0) counted += 1;
  fleet.report(isolate, requests, how);
};

const putting = (text: string): Change => ({
  kind: "put",
  policy: JSON.parse(text) as unknown,
  apply: false,
});

const names = {
  edit: async (fleet: Fleet) => {
    const text = fleet.nextText();
    await fleet.edit(putting(text), text);
  },
  force: async (fleet: Fleet) => {
    const text = fleet.nextText();
    await fleet.edit(putting(text), text, { override: true });
  },
  delete: async (fleet: Fleet) => {
    await fleet.edit({ kind: "delete" }, null);
  },
  "edit by an earlier release": async (fleet: Fleet) => {
    const text = fleet.nextText();
    await fleet.edit(putting(text), text, {}, false);
  },
  adopt: async (fleet: Fleet) => {
    await fleet.edit({ kind: "adopt" }, null);
  },
  republish: async (fleet: Fleet) => fleet.republish(),
  "put by hand": (fleet: Fleet) => {
    const text = fleet.nextText();
    fleet.say(text);
    fleet.put(text, null);
  },
  "delete by hand": (fleet: Fleet) => {
    fleet.say(null);
    fleet.put(null, null);
  },
  "crash the hub": (fleet: Fleet) => fleet.crashHub(),
  "lose the hub": (fleet: Fleet) => fleet.loseHub(),
  "crash the ledger": (fleet: Fleet) => fleet.crashLedger(),
  "ledger's alarm": async (fleet: Fleet) => fleet.ringLedger(),
  "hub's alarm": async (fleet: Fleet) => fleet.ringHub(),
} satisfies Readonly<Record<string, Step>>;

interface Named {
  readonly name: string;
  readonly step: Step;
}

const named = (keys: readonly (keyof typeof names)[]): fc.Arbitrary<Named> =>
  fc.constantFrom(...keys).map((name) => ({ name, step: names[name] }));

const going = [
  fc
    .tuple(fc.nat(1), fault)
    .map(([who, how]) => ({ name: `report ${who} ${how}`, step: report(who, how) })),
  fc.nat(1).map((who) => ({
    name: `refresh ${who}`,
    step: (fleet: Fleet) => fleet.isolates[who] && fleet.refresh(fleet.isolates[who]),
  })),
  fc.nat(50).map((n) => ({
    name: `report sent before ${n}`,
    step: (fleet: Fleet) => {
      const wire = fleet.sent[n % Math.max(1, fleet.sent.length)];
      if (wire !== undefined) fleet.deliver(wire);
    },
  })),
  fc.nat(50).map((n) => ({
    name: `publication sent before ${n}`,
    step: (fleet: Fleet) => {
      const publication = fleet.publications[n % Math.max(1, fleet.publications.length)];
      if (publication !== undefined) fleet.publishAgain(publication);
    },
  })),
  fc.array(fault, { maxLength: 6 }).map((faults) => ({
    name: `faults ${faults.join()}`,
    step: (fleet: Fleet) => void (fleet.faults = faults),
  })),
  fc.constantFrom(0, 0.01, 0.5, 1).map((share) => ({
    name: `KV late by ${share}`,
    step: (fleet: Fleet) => void (fleet.lateness = share),
  })),
  fc.nat(12).map((n) => ({
    name: `crash the hub after ${n} statements`,
    step: (fleet: Fleet) => fleet.crashHubAfter(n),
  })),
  fc.constantFrom(200, 1200, 5000, 11_000, 61_000, 125_000).map((ms) => ({
    name: `+${ms} ms`,
    step: (fleet: Fleet) => void (fleet.now += ms),
  })),
  named(["hub's alarm", "ledger's alarm", "crash the hub", "crash the ledger"]),
] as const;

const withEdits = [...going, named(["edit", "edit", "delete", "edit by an earlier release"])];
const withHands = [
  ...withEdits,
  named(["put by hand", "force", "republish", "adopt", "delete by hand", "lose the hub"]),
];

const list = (steps: readonly fc.Arbitrary<Named>[]) =>
  fc
    .array(fc.oneof(...steps), { maxLength: 40 })
    .map((some) =>
      Object.assign(some, { toString: () => some.map(({ name }) => name).join("; ") }),
    );

/** What an isolate has served. */
interface Followed {
  readonly version: number;
  /** The place of the newest ledger's text among all that was written. */
  readonly order: number;
}

/** Follows an isolate; throws where it serves a version below one that it has served, or a text by hand older than that. */
function followed(isolate: Isolate, fleet: Fleet, known: Followed): Followed {
  const { version, text } = isolate.held;
  const order = fleet.written.get(textDigest(text)) ?? 0;
  if (version > 0 && version < known.version)
    throw new Error(`serves version ${version} after ${known.version}`);
  if (version === 0 && text !== null && order < known.order)
    throw new Error(`serves ${text}, put by hand before version ${known.version}`);
  return version === 0 ? known : { version, order: Math.max(known.order, order) };
}

async function run(steps: readonly Named[], look: (fleet: Fleet) => void): Promise<Fleet> {
  counted = 0;
  const fleet = new Fleet();
  for (const { step } of steps) {
    await step(fleet);
    look(fleet);
  }
  await fleet.settle();
  look(fleet);
  return fleet;
}

test("no report counts twice, and none that was answered is made up, whatever crashes and comes again", async () => {
  await check(
    fc.asyncProperty(list(withEdits), async (steps) => {
      const fleet = await run(steps, () => {});
      const delivered = new Set(fleet.delivered.values());
      const wrong: string[] = [];
      for (const keys of [[KEY, ""], [SPLIT_KEY]]) {
        let left = 0;
        for (const key of keys) left += storedRequests(fleet.hubSql, key);
        for (let power = 0; left > 0; power += 1, left = Math.floor(left / BASE)) {
          const times = left % BASE;
          const isRight = times === 0 || (times === 1 && delivered.has(BASE ** power));
          if (!isRight) wrong.push(`${keys.join()}: report ${power} counts ${times} times`);
        }
      }
      wrong.push(...faultsOf(fleet.hubSql, SPLIT_KEY));
      expect(wrong).toEqual([]);
      const totals = () => fleet.hub.asked(shardOf(SPLIT_KEY)).totals(["*"]).series;
      const before = totals();
      fleet.crashHub();
      expect(totals()).toEqual(before);
    }),
    { runs: RUNS },
  );
});

test("every accepted edit is the newest in ledger, hub, KV and isolates in the end, and nobody is ever told an older one", async () => {
  await check(
    fc.asyncProperty(list(withEdits), async (steps) => {
      let known: readonly Followed[] = [];
      const atHub: number[] = [];
      const fleet = await run(steps, (now) => {
        atHub.push(now.head()?.version ?? 0);
        known = now.isolates.map((isolate, index) =>
          followed(isolate, now, known[index] ?? { version: 0, order: 0 }),
        );
      });
      const latest = fleet.ledger.store.latest();
      const text = latest?.text ?? null;
      expect(atHub).toEqual(atHub.toSorted((a, b) => a - b));
      expect(fleet.kv.at(-1)?.text).toBe(text);
      expect(fleet.hub.newest(KEY)).toEqual({
        version: latest?.version ?? 0,
        digest: textDigest(text),
      });
      for (const { held } of fleet.isolates) expect(held.text).toBe(text);
    }),
    { runs: RUNS },
  );
});

test("a text put by hand never rules over a later word of somebody who used the API", async () => {
  await check(
    fc.asyncProperty(list(withHands), async (steps) => {
      const undone: string[] = [];
      await run(steps, (fleet) => {
        const ruling = fleet.head()?.byHand ?? "absent";
        const order = fleet.written.get(ruling);
        if (order !== undefined && order <= fleet.toldToHub) undone.push(ruling);
      });
      expect(undone).toEqual([]);
    }),
    { runs: RUNS },
  );
});
