import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { rootReason } from "./reason.ts";

/**
 * Empties the folder that the demo keeps its data in, and makes sure that it, and the folder above
 * that the tools write beside it, can be written to. Gives one line with the fix where they cannot:
 * the runtime would wait for its state for ever.
 */
export async function dataFolderProblem(folder: string): Promise<string | undefined> {
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    for (const place of [folder, dirname(dirname(folder))]) {
      const probe = join(place, ".writable");
      await writeFile(probe, "");
      await rm(probe);
    }
    return undefined;
  } catch (error) {
    return `The demo cannot write to ${folder} (${rootReason(error)}). Make the repository's folder writable, or run a copy of it.`;
  }
}
