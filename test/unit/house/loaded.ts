import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";

/** The sources. */
export const SRC = resolve(import.meta.dirname, "../../../src");

/** Every file that a Worker loads from here on: what is imported for its types alone is not. */
export function loadedFrom(entry: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [resolve(SRC, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, clause = "", path = ""] of text.matchAll(
      /^(?:import|export)\s+([^;]*?)\s*from\s+"(\.[^"]+)";/gms,
    ))
      if (!clause.startsWith("type ")) waiting.push(resolve(dirname(file), path));
  }
  return new Set([...seen].map((file) => relative(SRC, file)));
}
