import { ok, refused, type Result } from "../../../lib/result.ts";

/** What is wrong with what somebody wrote, and what to write. */
export interface Fault {
  readonly message: string;
  readonly fix: string;
}

/** What a backslash and a letter stand for in `$'…'`. */
const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
  a: "\u0007",
  b: "\b",
  e: "\u001B",
  f: "\f",
  v: "\v",
};

/** What of a backslash in double quotes is gone: before the others it is a letter like any. */
const ESCAPED_IN_DOUBLE = /["\\$`]/;

const unclosed = (quote: string): Fault => ({
  message: `a quote ${quote} is not closed`,
  fix: "copy the whole command, to its last quote",
});

/** Reads words as a POSIX shell does, with `$'…'` of Bash; expands nothing. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  words(): Result<readonly string[], Fault> {
    const words: string[] = [];
    let word: string | undefined;
    while (this.#at < this.#text.length) {
      const piece = this.#piece();
      if (typeof piece === "object") return refused(piece);
      if (piece === undefined) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else word = (word ?? "") + piece;
    }
    if (word !== undefined) words.push(word);
    return ok(words);
  }

  #next(): string {
    const letter = this.#text[this.#at] ?? "";
    this.#at += 1;
    return letter;
  }

  /** A piece of a word; `undefined` for what stands between words. */
  #piece(): string | undefined | Fault {
    const letter = this.#next();
    if (/\s/.test(letter)) return undefined;
    if (letter === "'") return this.#single();
    if (letter === '"') return this.#double();
    if (letter === "$" && this.#text[this.#at] === "'") {
      this.#at += 1;
      return this.#ansi();
    }
    if (letter !== "\\") return letter;
    // A backslash joins two lines, and stands before a letter that means nothing else.
    const escaped = this.#text.startsWith("\r\n", this.#at)
      ? this.#next() + this.#next()
      : this.#next();
    return /^\r?\n$/.test(escaped) ? undefined : escaped;
  }

  #single(): string | Fault {
    const end = this.#text.indexOf("'", this.#at);
    if (end < 0) return unclosed("'");
    const inside = this.#text.slice(this.#at, end);
    this.#at = end + 1;
    return inside;
  }

  #double(): string | Fault {
    let inside = "";
    while (this.#at < this.#text.length) {
      const letter = this.#next();
      if (letter === '"') return inside;
      const after = this.#text[this.#at] ?? "";
      if (letter === "\\" && after === "\n") this.#at += 1;
      else if (letter === "\\" && ESCAPED_IN_DOUBLE.test(after)) inside += this.#next();
      else inside += letter;
    }
    return unclosed('"');
  }

  #ansi(): string | Fault {
    let inside = "";
    while (this.#at < this.#text.length) {
      const letter = this.#next();
      if (letter === "'") return inside;
      inside += letter === "\\" ? this.#escape() : letter;
    }
    return unclosed("$'");
  }

  /** What stands after a backslash in `$'…'`. */
  #escape(): string {
    const rest = this.#text.slice(this.#at, this.#at + 9);
    const code = /^(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8}))/.exec(rest);
    const octal = /^[0-7]{1,3}/.exec(rest)?.[0];
    const digits = code?.[1] ?? code?.[2] ?? code?.[3];
    const point =
      digits === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(digits, 16);
    if (point <= 0x10_ffff) {
      this.#at += code?.[0].length ?? octal?.length ?? 0;
      return String.fromCodePoint(point);
    }
    const letter = this.#next();
    return ESCAPES[letter] ?? `\\${letter}`;
  }
}

/** The words of a command line as a shell would give them to the command; variables and the like stay as they are written. */
export const shellWords = (text: string): Result<readonly string[], Fault> =>
  new Reader(text).words();
