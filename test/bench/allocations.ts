import type { Inspector } from "./inspector.ts";

interface AllocationNode {
  readonly callFrame: { readonly functionName: string; readonly lineNumber: number };
  /** Bytes allocated by the function itself, what is garbage by now included. */
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

/** What is measured of the allocations of some work. */
export interface Allocations {
  /** All together. */
  readonly bytes: number;
  /** By `function:line`. */
  readonly byFunction: ReadonlyMap<string, number>;
}

/** One allocation in so many bytes is looked at. */
const SAMPLE_BYTES = 2048;

/** Estimates by samples how many bytes JavaScript allocates while some work is done, whether they live on or not. */
export async function allocationsOf(
  inspector: Inspector,
  work: () => Promise<unknown>,
): Promise<Allocations> {
  await inspector.call("HeapProfiler.enable");
  await inspector.call("HeapProfiler.startSampling", {
    samplingInterval: SAMPLE_BYTES,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await work();
  const { profile } = (await inspector.call("HeapProfiler.stopSampling")) as {
    profile: { head: AllocationNode };
  };
  const byFunction = new Map<string, number>();
  let bytes = 0;
  const waiting = [profile.head];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const { functionName, lineNumber } = node.callFrame;
    const name = `${functionName === "" ? "(anonymous)" : functionName}:${lineNumber + 1}`;
    byFunction.set(name, (byFunction.get(name) ?? 0) + node.selfSize);
    bytes += node.selfSize;
    waiting.push(...node.children);
  }
  return { bytes, byFunction };
}
