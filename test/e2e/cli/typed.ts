import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { plainEnv as terminal } from "../../support/demo.ts";

export const ROOT = join(import.meta.dirname, "../../..");

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal as a user has it: without what the tests set, in a pipe. */
function plainEnv(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  // Nobody has logged in anywhere.
  return terminal({ XDG_CONFIG_HOME: join(tmpdir(), "no-such-config"), ...env });
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
