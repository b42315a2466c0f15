/**
 * One process of `npm run bench:paired`: one subject's decisions by several checkouts in turns, so that what else the
 * machine does falls on all alike. Prints the CPU time of one decision (µs) by each checkout.
 */
import { pathToFileURL } from "node:url";
import { join } from "node:path";

import type { decide } from "../../src/decide/decide.ts";
import type { compile } from "../../src/policy/compile.ts";
import type { parse } from "../../src/policy/parse.ts";
import { quantile } from "./report.ts";
import { SUBJECTS, type Subject } from "./paired-subjects.ts";

/** Decisions of one checkout in a row: some milliseconds, for a reading of the CPU clock is no finer than one. */
const BATCH = 4096;

/** Turns of every checkout that are measured, and before them those that only warm up. */
const TURNS = 48;
const WARM_UP = 8;

interface Checkout {
  readonly decide: typeof decide;
  readonly compile: typeof compile;
  readonly parse: typeof parse;
}

async function load(root: string): Promise<Checkout> {
  const at = async (file: string): Promise<unknown> =>
    import(pathToFileURL(join(root, "src", file)).href);
  const modules = await Promise.all(
    ["decide/decide.ts", "policy/compile.ts", "policy/parse.ts"].map(at),
  );
  return Object.assign({}, ...modules) as Checkout;
}

/** CPU time of this process (µs). */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** What one batch takes (µs). */
function batchOf(checkout: Checkout, { policy, factsAt }: Subject): () => number {
  const parsed = checkout.parse(JSON.stringify(policy), { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const compiled = checkout.compile(parsed.policy, "shop.example.com");
  let turn = 0;
  return () => {
    const begin = cpu();
    let sum = 0;
    for (let call = 0; call < BATCH; call += 1) {
      sum += checkout.decide(compiled, factsAt(turn)).do.length;
      turn += 1;
    }
    const took = cpu() - begin;
    if (sum === 0) throw new Error("nothing was decided");
    return took;
  };
}

const [wanted = "", ...roots] = process.argv.slice(2);
const subject = SUBJECTS.find(({ name }) => name === wanted);
if (subject === undefined) throw new Error(`there is no subject "${wanted}"`);
const checkouts: Checkout[] = [];
for (const root of roots) checkouts.push(await load(root));

const batches = checkouts.map((checkout) => batchOf(checkout, subject));
const times: number[][] = batches.map(() => []);
for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
  // Who goes first pays for what the one before left behind.
  for (let step = 0; step < batches.length; step += 1) {
    const who = (turn + step) % batches.length;
    const took = batches[who]?.() ?? Number.NaN;
    if (turn >= WARM_UP) times[who]?.push(took);
  }
}
// Other processes only ever add: the quietest quarter is nearest to the code's own cost.
console.log(JSON.stringify(times.map((each) => quantile(each, 0.25) / BATCH)));
