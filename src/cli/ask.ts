import { Writable } from "node:stream";

import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";
import { dressed } from "./text/style.ts";

/** Asks a question on the terminal. An end of input (Ctrl-D) is an empty answer. */
async function question(io: Io, text: string, output: NodeJS.WritableStream): Promise<string> {
  io.stderr.write(dressed(text));
  // Few commands ask, and a script's never do.
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: io.stdin, output, terminal: true });
  const ended = new AbortController();
  lines.once("close", () => ended.abort());
  lines.once("SIGINT", () => lines.close());
  try {
    return await lines.question("", { signal: ended.signal });
  } catch {
    return "";
  } finally {
    lines.close();
  }
}

/** Whether somebody at the terminal says yes; anything else, and nothing, is no. Only to be called where {@link Io.interactive} holds. */
export async function saysYes(io: Io, text: string): Promise<boolean> {
  return /^y(?:es)?$/i.test((await question(io, `${text} [y/N] `, io.stderr)).trim());
}

/** What somebody types in answer. Only to be called where {@link Io.interactive} holds. */
export async function askLine(io: Io, text: string): Promise<string> {
  return (await question(io, `${text}: `, io.stderr)).trim();
}

/** What somebody types without its being shown, for secrets. Only to be called where {@link Io.interactive} holds. */
export async function askHidden(io: Io, text: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await question(io, `${text}: `, nowhere);
  io.stderr.write("\n");
  return answer.trim();
}

/**
 * Asks before something that many visitors notice, or that is hard to undo; throws where the answer
 * is no. Without a terminal nobody is there to ask, and `--yes` has answered already.
 */
export async function demandYes(io: Io, yes: boolean | undefined, text: string): Promise<void> {
  if (!io.interactive || yes === true || (await saysYes(io, text))) return;
  throw new Failure("nothing was changed", "answer y, or add --yes", { code: "declined" });
}
