import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

export const ROOT = join(import.meta.dirname, "../../..");

/** Past this a start has failed (ms). */
const START_MS = 40_000;

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal as a user has it: without what the tests set, in a pipe. */
function plainEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = /^(?:WRANGLER_|CLOUDFLARE_|X_LOCAL_|VITEST|NODE_ENV|SY_)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  // Nobody has logged in anywhere.
  const none = { XDG_CONFIG_HOME: join(tmpdir(), "no-such-config") };
  return { ...Object.fromEntries(kept), ...none, ...env };
}

interface TypeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

/** Runs one program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, cwd = ROOT, stdin }: TypeOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, { cwd, env: plainEnv(env) });
  if (stdin === undefined) child.stdin.end();
  else child.stdin.end(stdin);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { code, out, err };
}

/** `sy` in a process of its own, as the `bin` runs it. */
export const SY = [process.execPath, join(ROOT, "src/cli/sy.cjs")] as const;

/** Types `sy …` in some folder. */
export async function sy(options: TypeOptions, ...args: string[]): Promise<Outcome> {
  const [node, script] = SY;
  return run(node, [script, ...args], options);
}

/** A port nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export interface Demo {
  readonly url: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** `npm start` on a free port; resolves when it says that it is ready, rejects with what it said instead. */
export async function startDemo(): Promise<Demo> {
  const port = await freePort();
  const child: ChildProcess = spawn("npm", ["start", "--", "--port", String(port)], {
    cwd: ROOT,
    env: plainEnv({}),
    detached: true,
  });
  let said = "";
  const hear = (chunk: Buffer) => void (said += chunk.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const exited = once(child, "exit");
  const stop = async (): Promise<void> => {
    // The whole group, as Ctrl-C in a terminal does.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    await exited;
  };
  for (let waited = 0; !/is ready on port \d+/.test(said); waited += 50) {
    if (child.exitCode !== null || waited > START_MS) {
      await stop();
      throw new Error(`npm start did not get ready:\n${said}`);
    }
    await sleep(50);
  }
  return { url: `http://127.0.0.1:${port}`, port, stop };
}
