import { once } from "node:events";

import type { Io } from "./io.ts";

/** Writes to stdout, and waits until whoever reads it has caught up: a long answer is never held in memory. */
export async function written({ stdout }: Io, text: string): Promise<void> {
  if (!stdout.write(text)) await once(stdout, "drain");
}
