import { isAbsolute, relative, resolve } from "node:path";

/** The repository that this sy runs from; `undefined` where it was installed as a package, which is not a place to work in. */
const CHECKOUT = import.meta.filename.endsWith(".ts")
  ? resolve(import.meta.dirname, "../..")
  : undefined;

/** Whether a folder is part of Switchyard's own repository. */
export function isInCheckout(folder: string): boolean {
  if (CHECKOUT === undefined) return false;
  const below = relative(CHECKOUT, folder);
  return below !== ".." && !/^\.\.[/\\]/.test(below) && !isAbsolute(below);
}
