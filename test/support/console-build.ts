import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BUILD = fileURLToPath(new URL("../../.ci/console.ts", import.meta.url));

/**
 * Vitest's globalSetup where the control Worker runs as its configuration says: with the console's files beside it. In a
 * process of its own: Vite writes functions of its own into what it builds, and here they may be Vitest's rewriting of them.
 */
export default async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD]);
}
