/** Between two looks at whether npm is still there (ms): nobody starts the next demo sooner. */
const LOOK_MS = 500;

/**
 * Calls `stop` when npm, which started this process, has ended without passing a signal on: killed
 * hard, it cannot. A process whose parent ends is given another one. Started by hand, this process
 * may well outlive the shell that it came from.
 */
export function onParentEnd(stop: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, LOOK_MS);
  timer.unref();
}
