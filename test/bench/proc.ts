import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time of a process so far (µs), in user space and kernel, of all its threads. From the scheduler's own counters in
 * nanoseconds: those of `/proc/<pid>/stat` tick every 10 ms. Linux only.
 */
export function cpuOf(pid: number): number {
  let nanoseconds = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const [onCpu] = readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ", 1);
    nanoseconds += Number(onCpu);
  }
  return nanoseconds / 1000;
}

/** Resident memory of a process (bytes). */
export function memoryOf(pid: number): number {
  const kib = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}
