import { renameSync } from "node:fs";

/** Whether a file system says that a name is taken, by a folder that is not empty. */
const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^(?:ENOTEMPTY|EEXIST)$/.test(String(error.code));

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

function tries(rename: () => void, mayFail: (error: unknown) => boolean): boolean {
  try {
    rename();
    return true;
  } catch (error) {
    if (mayFail(error)) return false;
    throw error;
  }
}

/**
 * Puts the folder `made` in the place of `out`, whose files go to `aside`, a name that nothing has; all three on one file
 * system. By names alone: whoever ends in between leaves no half of a folder, and of several at once each puts its own
 * whole, and the last one stays.
 */
export function replaceFolder(made: string, out: string, aside: string): void {
  for (let turn = 0; ; turn += 1) {
    tries(() => renameSync(out, `${aside}-${turn}`), isAbsent);
    if (tries(() => renameSync(made, out), isTaken)) return;
  }
}
