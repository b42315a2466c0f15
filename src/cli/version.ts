import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The release this `sy` is of, as package.json says it. */
export async function ownVersion(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, "../../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
