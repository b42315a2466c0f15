import { readdirSync, readFileSync } from "node:fs";

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The workerd processes that this process has started, youngest last. Empty where there is no /proc. */
export function ownWorkerds(): number[] {
  const tasks = read("/proc/self/status") === "" ? [] : readdirSync("/proc/self/task");
  return tasks
    .flatMap((task) => read(`/proc/self/task/${task}/children`).split(" "))
    .map(Number)
    .filter((pid) => pid > 0 && read(`/proc/${pid}/comm`).trim() === "workerd")
    .toSorted((a, b) => a - b);
}

/** Resident memory of a process in MB; undefined where it cannot be read. */
export function residentMb(pid: number | undefined): number | undefined {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kb === undefined ? undefined : Number(kb) / 1024;
}
