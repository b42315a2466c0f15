import { constants, type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** What only its owner may read: policies and tokens are nobody else's business on a shared machine. */
const PRIVATE_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Creates a file for its owner alone and opens it for appending. Throws `EEXIST` where anything is
 * there already, a symbolic link included, wherever that leads.
 */
export async function createPrivate(path: string): Promise<FileHandle> {
  return open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, PRIVATE_MODE);
}

/** Opens a file that is there for appending. Throws `ELOOP` where the path is a symbolic link. */
export async function openForAppend(path: string): Promise<FileHandle> {
  return open(path, O_WRONLY | O_APPEND | O_NOFOLLOW);
}

/** Writes a new file for its owner alone. Throws `EEXIST` where anything is there already. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const handle = await createPrivate(path);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file whole, for its owner alone: a kill in between leaves the old one, and a symbolic
 * link in its place is replaced, not followed.
 */
export async function replacePrivate(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  // Left behind by a kill, or put there by somebody else.
  await rm(fresh, { force: true });
  await writePrivate(fresh, text);
  await rename(fresh, path);
}

/** Makes the folder of a file, and those above it, for their owner alone where they are new. */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE });
}
