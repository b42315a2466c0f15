import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** A fixed piece of what tests do most: objects made, sorted, written as JSON and read again. */
const WORK = `
const rows = Array.from({ length: 2000 }, (_, i) => ({ id: i, key: "k" + ((i * 7919) % 2000), at: [i, i / 3] }));
let length = 0;
for (let round = 0; round < 400; round += 1) {
  const sorted = rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  length += JSON.stringify(JSON.parse(JSON.stringify(sorted))).length;
}
if (length === 0) throw new Error("nothing was done");
`;

/**
 * Seconds that a fixed piece of work takes on this machine now, done by every core at once: the same work takes twice as
 * long on another machine, or on this one while its host is busy, and what is measured beside it can be told in its terms.
 */
export async function yardstick(): Promise<number> {
  const begun = performance.now();
  const cores = Array.from({ length: availableParallelism() }, async () => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    new Worker(WORK, { eval: true }).once("error", reject).once("exit", resolve);
    return promise;
  });
  await Promise.all(cores);
  return (performance.now() - begun) / 1000;
}
