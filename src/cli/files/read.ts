import type { Stats } from "node:fs";
import { lstat, readFile, stat } from "node:fs/promises";

const isAbsence = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

/** The result of a look at a file, or `undefined` where there is none. Throws what else is in the way: it must not pass for absence. */
async function ifThere<T>(look: Promise<T>): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** A file's text, or `undefined` where there is no file. Throws an errno error where it cannot be read. */
export async function readIfThere(path: string): Promise<string | undefined> {
  return ifThere(readFile(path, "utf8"));
}

/** What stands at a path, links followed, or `undefined` where there is nothing. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  return ifThere(stat(path));
}

/** What stands at a path itself, be it a symbolic link, or `undefined` where there is nothing. */
export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return ifThere(lstat(path));
}
