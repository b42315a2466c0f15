import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

import { MAX_PORT } from "./options.ts";

/** The one address the demo listens on: nobody else on the network can reach it. */
export const LOOPBACK = "127.0.0.1";

/** Browsers may try this address first for `localhost`: a stranger there would answer in the demo's place. */
const LOOPBACK_V6 = "::1";

/**
 * Why `port` cannot be listened on, as one line with the fix; undefined when it can.
 * Asked before anything starts, so that nothing has to be torn down again.
 */
export async function portProblem(port: number): Promise<string | undefined> {
  const codes = [await tryToListen(port, LOOPBACK), await tryToListen(port, LOOPBACK_V6)];
  // The next one must leave a port after it.
  const next = port + 1 < MAX_PORT ? port + 1 : port - 2;
  const fix = `Choose another: npm start -- --port ${next}`;
  if (codes.includes("EADDRINUSE")) return `Port ${port} is in use. ${fix}`;
  // A machine without IPv6 is as good as any: only the address that is needed may fail otherwise.
  const [code] = codes;
  if (code === "EACCES") return `Port ${port} needs more rights than you have. ${fix}`;
  return code === undefined ? undefined : `Port ${port} cannot be used (${code}). ${fix}`;
}

/** Pairs are looked for below the ports that a system hands out by itself: none of those gets there by chance meanwhile. */
const LOWEST_PAIR = 10_000;
const PAIRS = 5000;

/** Looks of this many places (a machine with none free among them has other troubles). */
const PAIR_TRIES = 100;

/** A port that is free, and so is the one after it; undefined where none was found. */
export async function freePair(): Promise<number | undefined> {
  for (let tries = 0; tries < PAIR_TRIES; tries += 1) {
    const port = LOWEST_PAIR + 2 * randomInt(PAIRS);
    const isFree = (await portProblem(port)) === undefined;
    if (isFree && (await portProblem(port + 1)) === undefined) return port;
  }
  return undefined;
}

/** The error code of listening there, or undefined when it works. */
async function tryToListen(port: number, host: string): Promise<string | undefined> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, "listening");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
  probe.close();
  await once(probe, "close");
  return undefined;
}
