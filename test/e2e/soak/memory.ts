import { openInspector, type Inspector } from "../../bench/inspector.ts";
import { residentMb } from "../load/memory.ts";

/** Shorter runs end before all is there that is kept for good, compiled code and policies among it (s). */
export const LEAST_SECONDS = 1200;

/** From the second quarter to the last (MB): 4 bytes kept by each of a million requests are as much. */
export const MAX_GROWTH_MB = 4;

const SAMPLE_MS = 5000;
const BYTES_PER_MB = 1_000_000;

/** What a gateway takes at a time (MB): its heap in use, and all of its process, which also plays Cloudflare's edge, KV and cache. */
interface Sample {
  readonly heap: number;
  readonly resident: number;
}

export type Memory = readonly Sample[];

/** The heap in use (MB), rubbish cleared away. */
async function heapOf(inspector: Inspector): Promise<number> {
  // workerd collects, but never answers this call; calls are served in order.
  void inspector.call("HeapProfiler.collectGarbage");
  void inspector.call("HeapProfiler.collectGarbage");
  const { usedSize } = (await inspector.call("Runtime.getHeapUsage")) as { usedSize: number };
  return usedSize / BYTES_PER_MB;
}

/** Looks at a gateway every five seconds, from now until it is told to end; then gives what was seen. */
export async function watchMemory(
  inspectorPort: number,
  pid: number | undefined,
): Promise<() => Memory> {
  const inspector = await openInspector(inspectorPort, "switchyard-gateway");
  await inspector.call("HeapProfiler.enable");
  const samples: Sample[] = [];
  const look = async () => {
    const heap = await heapOf(inspector);
    samples.push({ heap, resident: residentMb(pid) ?? Number.NaN });
  };
  const timer = setInterval(() => void look(), SAMPLE_MS);
  return () => {
    clearInterval(timer);
    inspector.close();
    return samples;
  };
}

/** The least of a quarter of a run: what requests under way hold comes and goes. */
const leastOf = (memory: Memory, which: number, part: keyof Sample): number =>
  Math.min(
    ...memory
      .slice((memory.length * which) / 4, (memory.length * (which + 1)) / 4)
      .map((sample) => sample[part]),
  );

/** The least of each quarter (MB). */
export const quartersOf = (memory: Memory, part: keyof Sample): readonly number[] =>
  [0, 1, 2, 3].map((which) => leastOf(memory, which, part));

/** How far the heap in use has gone up since it had its level (MB). */
export const growthOf = (memory: Memory): number =>
  leastOf(memory, 3, "heap") - leastOf(memory, 1, "heap");
