import { Failure, reasonOf } from "./failure.ts";

/** What an error of the system means, and what to do; `at` is the path it names, or a word for it. */
const WORDS: Readonly<Record<string, (at: string) => readonly [what: string, fix: string]>> = {
  EACCES: (at) => [`you may not use ${at}`, "change its permissions, or choose another place"],
  EPERM: (at) => [`you may not change ${at}`, "change its permissions, or choose another place"],
  EROFS: (at) => [`${at} cannot be written: its file system is read-only`, "choose another place"],
  EISDIR: (at) => [`${at} is a folder`, "name a file"],
  ENOTDIR: (at) => [`a part of ${at} is not a folder`, "check the path"],
  ENOENT: (at) => [`there is no ${at}`, "check the path"],
  EEXIST: (at) => [`${at} is there already`, "remove it, or choose another name"],
  ELOOP: (at) => [
    `${at} is a symbolic link that leads in a circle, or one to write through, which sy does not`,
    "name the file itself",
  ],
  ENAMETOOLONG: (at) => [`the name of ${at} is too long`, "choose a shorter one"],
  ENOSPC: (at) => [`no space is left for ${at}`, "make room, and run it again"],
  EDQUOT: (at) => [`your quota leaves no space for ${at}`, "make room, and run it again"],
  EFBIG: (at) => [`${at} has grown beyond what its file system takes`, "choose another place"],
  EMFILE: () => ["too many files are open", "raise the limit (ulimit -n)"],
  ENFILE: () => ["too many files are open on this machine", "close some programs"],
  EIO: (at) => [`the device of ${at} fails`, "look at the system's log"],
  EBUSY: (at) => [`another program uses ${at}`, "end it, and run this again"],
  EPIPE: () => ["whoever read the output has gone", "leave the pipe open to the end"],
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && /^E[A-Z\d]+$/.test((error as NodeJS.ErrnoException).code ?? "");

/**
 * A failure that says in plain words what the operating system refused, or `undefined` where the
 * error is not the system's. A code that is not known here keeps the system's own words.
 */
export function systemFailure(error: unknown): Failure | undefined {
  if (!isSystemError(error)) return undefined;
  const { code = "", path, syscall } = error;
  const at = path === undefined ? "what is written" : `"${path}"`;
  const known = Object.hasOwn(WORDS, code) ? WORDS[code]?.(at) : undefined;
  const [what, fix] = known ?? [
    `the system refuses ${syscall ?? "this"}: ${reasonOf(error)}`,
    "look up what it says",
  ];
  return new Failure(what, fix, { code: "system" });
}
