import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** What `npm start` starts, without npm, which takes half a second more; `npm start` itself is tried by test/e2e/start.test.ts. */
const DEMO = [
  process.execPath,
  "-r",
  "./src/cli/require-node.cjs",
  "-r",
  "./src/cli/compile-cache.cjs",
  "src/demo/start.ts",
] as const;

/** The last line that a start prints: whoever has seen it has seen all. */
export const LAST_LINE = / kv key put .*\n/;

/** The demo in a process group of its own, as a terminal has it. */
export interface Demo {
  readonly port: number;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly controlPort: number;
  /** As `url`, of the control plane. */
  readonly control: string;
  readonly child: ChildProcess;
  readonly printed: () => string;
  readonly complained: () => string;
  /** Sends the signal to the whole group, as Ctrl-C does; resolves with the exit code once the process that was started has ended. */
  readonly stop: (signal?: "SIGINT" | "SIGTERM") => Promise<number | null>;
}

/** A terminal as a user has it: without what the tests set to keep the tools quiet. */
export function plainEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = /^(?:WRANGLER_|CLOUDFLARE_|X_LOCAL_|VITEST|NODE_ENV|SY_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Resolves with a child's exit code once it has ended, at once where it has ended already. */
async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode;
}

/**
 * Starts the demo on any free port, which it then names itself, without traffic of its own, or as `command` says, with
 * `env` beside a user's environment. Resolves when it has said all that it says at a start; rejects with what it said
 * where it ends instead.
 */
export async function startDemo(
  command: readonly [string, ...string[]] = [...DEMO, "--port", "0", "--no-traffic"],
  env: Readonly<Record<string, string>> = {},
): Promise<Demo> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: ROOT, detached: true, env: plainEnv(env) });
  let printed = "";
  let complained = "";
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
      if (LAST_LINE.test(printed)) resolve();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (complained += chunk));
    child.once("error", reject);
    child.once("close", () => reject(new Error(`the demo did not start: ${printed}${complained}`)));
  });
  await ready;
  const port = Number(/ready on port (\d+)/.exec(printed)?.[1]);
  const controlPort = Number(/control plane on port (\d+)/.exec(printed)?.[1]);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    controlPort,
    control: `http://127.0.0.1:${controlPort}`,
    child,
    printed: () => printed,
    complained: () => complained,
    async stop(signal = "SIGTERM") {
      const isRunning = child.exitCode === null && child.signalCode === null;
      if (isRunning && child.pid !== undefined) process.kill(-child.pid, signal);
      return ended(child);
    },
  };
}

/** Listens for a moment. False where the port is taken. */
export async function isFree(wanted: number): Promise<boolean> {
  const server = createServer().listen(wanted, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
