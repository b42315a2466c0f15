import { spawn, type ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";

/**
 * Reads lists of process ids, each in the place of the one before, and ends the last of them when
 * the pipe closes, which it does however its writer ends. A shell, for it takes next to no memory;
 * deaf to what the terminal sends to all, for its work begins where the others have ended.
 */
const SCRIPT =
  "trap '' INT TERM HUP; pids=; while read -r line; do pids=$line; done; " +
  '[ -z "$pids" ] || kill -9 $pids 2> /dev/null';

/**
 * Sees to it that every process started from now on ends with this one, even where this one is
 * killed so hard (SIGKILL) that it cannot end them itself. Does nothing on Windows, which has no such
 * shell.
 */
export function endChildrenWithUs(): void {
  if (process.platform === "win32") return;
  const watchdog = spawn("sh", ["-c", SCRIPT], {
    stdio: ["pipe", "ignore", "ignore"],
    // In a group of its own: what is sent to all of ours must not reach it.
    detached: true,
  });
  // Without it, children end as they did before.
  watchdog.on("error", () => undefined);
  watchdog.stdin.on("error", () => undefined);
  watchdog.unref();

  const running = new Set<number>();
  const report = (): void => void watchdog.stdin.write(`${[...running].join(" ")}\n`);
  subscribe("child_process", (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    if (child === watchdog) return;
    child.once("spawn", () => {
      const { pid } = child;
      if (pid === undefined) return;
      running.add(pid);
      report();
      child.once("exit", () => {
        running.delete(pid);
        report();
      });
    });
  });
}
