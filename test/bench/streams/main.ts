/** `npm run bench:streams`: long bodies both ways and connections that stay open, beside the bare pass-through. */
import { parseArgs } from "node:util";
import { judge } from "../claims.ts";
import { showInterval } from "../interval.ts";
import { startPeers } from "../peers-client.ts";
import { table } from "../report.ts";
import { head, leave } from "../written.ts";
import { measureStreams } from "./run.ts";

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "1024" },
    pairs: { type: "string", default: "6" },
    connections: { type: "string", default: "1000" },
    write: { type: "boolean", default: false },
  },
});

const MIB = 2 ** 20;
const IDLE_MS = 10_000;

/** A body may go through at no less than this share of the floor's speed. */
const LEAST_SHARE = 0.95;

/** More than this above what it had (MiB), and a body is kept. */
const MAX_GROWTH_MIB = 64;

const peers = await startPeers();
try {
  const connections = Number(values.connections);
  const seen = await measureStreams(
    {
      bytes: Number(values.megabytes) * MIB,
      pairs: Number(values.pairs),
      connections,
      idleMs: IDLE_MS,
    },
    peers,
  );
  const rows = (["down", "up"] as const).flatMap((way) => {
    const { speed, overFloor, grownMib, floorGrownMib } = seen[way];
    // A claim is an upper bound: the floor's speed over the gateway's.
    const inverse = { ...overFloor, low: 1 / overFloor.high, high: 1 / overFloor.low };
    return [
      [
        `${values.megabytes} MiB ${way}, speed over the floor's`,
        `≥ ${LEAST_SHARE}`,
        showInterval(overFloor, 3),
        judge({ bar: 1 / LEAST_SHARE, measured: inverse }),
      ],
      [`the same, MiB/s`, "", showInterval(speed, 0), ""],
      [
        `the same, memory above what it had, MiB (the floor's: ${floorGrownMib.toFixed(0)})`,
        `≤ ${MAX_GROWTH_MIB}`,
        grownMib.toFixed(0),
        judge({ bar: MAX_GROWTH_MIB, measured: grownMib }),
      ],
    ];
  });
  for (const [name, { answered, kib }] of [
    ["WebSockets", seen.sockets],
    ["streams of events", seen.events],
  ] as const) {
    const verdict = answered === connections ? "held" : "not held";
    rows.push([
      `idle ${name} that answer after ${IDLE_MS / 1000} s (${kib.toFixed(0)} KiB each)`,
      `${connections}`,
      `${answered}`,
      verdict,
    ]);
  }
  const text = `${head("bench:streams", Number(values.pairs))}\n\n${table(["streams", "bar", "measured", ""], rows)}`;
  leave("streams", text, values.write);
} finally {
  peers.close();
}
