/**
 * What a regular expression can cost at worst. A backtracking engine tries, for each quantifier and
 * each alternation, every choice against every choice of the others: so the choices multiply. Two
 * forms make more than that of them and are refused: a repeated group that itself repeats or
 * chooses, whose choices grow with a power of the value's length, and back-references and
 * look-arounds, whose work no count of choices bounds.
 */
import { ok, refused, type Result } from "../../lib/result.ts";

/** A quantifier without a bound, or with one above {@link SMALL_BOUND}, counts as so many choices: the longest value that is looked at. */
const UNBOUNDED_CHOICES = 512;

/** Up to here a bound counts as what it says. */
const SMALL_BOUND = 8;

/** What is wrong, and what to write instead. */
type Fault = readonly [what: string, fix: string];

interface Group {
  branches: number;
  /** Whether it holds an alternation or a quantifier, at any depth. */
  chooses: boolean;
}

const QUANTIFIER = /[*+?]\??|\{(\d+)(,?)(\d*)\}\??/y;
const BARRED = /\\(?:[1-9]|k<)|\(\?<?[=!]/y;
const ESCAPE =
  /\\(?:u\{[0-9A-Fa-f]+\}|[pP]\{[^}]*\}|c[A-Za-z]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[^])/y;
const CLASS = /\[(?:[^\]\\]|\\[^])*\]/y;
const GROUP = /\((?:\?(?:<[^>]*>|[a-z-]*:))?/y;

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** The least and the most times that a quantifier repeats; infinite where it has no bound. */
function boundsOf([text, low, comma, high]: RegExpExecArray): readonly [number, number] {
  if (text.startsWith("*")) return [0, Infinity];
  if (text.startsWith("+")) return [1, Infinity];
  if (text.startsWith("?")) return [0, 1];
  if (comma === "") return [Number(low), Number(low)];
  return [Number(low), high === "" ? Infinity : Number(high)];
}

function choicesOf([low, high]: readonly [number, number]): number {
  return high > SMALL_BOUND ? UNBOUNDED_CHOICES : Math.max(1, high, high - low + 1);
}

/** Walks a pattern that the engine takes, and multiplies its choices. */
class Walk {
  cost = 1;
  readonly #text: string;
  readonly #open: Group[] = [{ branches: 1, chooses: false }];
  /** The group that a quantifier right here would repeat. */
  #closed: Group | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get #group(): Group {
    return this.#open.at(-1) ?? { branches: 1, chooses: false };
  }

  run(): Fault | undefined {
    const text = this.#text;
    for (let index = 0; index < text.length;) {
      const barred = at(BARRED, text, index);
      if (barred !== null) {
        return barred[0].startsWith("\\")
          ? ["it refers back to a group", "write out what it repeats"]
          : ["it looks around", 'match the whole value, or use another rule with "not"'];
      }
      const quantifier = at(QUANTIFIER, text, index);
      if (quantifier !== null) {
        const fault = this.#quantify(boundsOf(quantifier), index, quantifier[0].length);
        if (fault !== undefined) return fault;
        index += quantifier[0].length;
        continue;
      }
      this.#closed = undefined;
      index += this.#step(index);
    }
    this.cost *= this.#group.branches;
    return undefined;
  }

  /** Takes one piece that is not a quantifier; its length. */
  #step(index: number): number {
    const text = this.#text;
    const piece = at(ESCAPE, text, index) ?? at(CLASS, text, index);
    if (piece !== null) return piece[0].length;
    const group = at(GROUP, text, index);
    if (group !== null) {
      this.#open.push({ branches: 1, chooses: false });
      return group[0].length;
    }
    if (text[index] === "|") {
      this.#group.branches += 1;
      this.#group.chooses = true;
    } else if (text[index] === ")") this.#close();
    return 1;
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    this.cost *= closed.branches;
    this.#closed = closed;
    this.#group.chooses ||= closed.chooses;
  }

  #quantify(bounds: readonly [number, number], index: number, length: number): Fault | undefined {
    if (bounds[1] > 1 && this.#closed?.chooses === true) {
      return [
        "a group that is repeated holds an alternation or a quantifier",
        "write out the repetition, or use a class such as [ab]",
      ];
    }
    this.#closed = undefined;
    this.#group.chooses = true;
    const isDotStar =
      this.#text.slice(index - 1, index + length) === ".*" && !this.#isEscaped(index - 1);
    const atEdge = index === 1 || index + length === this.#text.length;
    if (!(isDotStar && atEdge && this.#open.length === 1)) this.cost *= choicesOf(bounds);
    return undefined;
  }

  #isEscaped(index: number): boolean {
    let backslashes = 0;
    while (this.#text[index - 1 - backslashes] === "\\") backslashes += 1;
    return backslashes % 2 === 1;
  }
}

/** The pattern alone, before anything stands around it: `a)|(b` must not close what it did not open. */
function compiles(text: string): boolean {
  try {
    return new RegExp(text, "u").unicode;
  } catch {
    return false;
  }
}

/** The cost of a regular expression in steps at worst, or why it is not one of the subset. */
export function readRegex(text: string): Result<number, Fault> {
  if (!compiles(text))
    return refused(["it is not one (ECMAScript, flag u)", "mend its brackets and escapes"]);
  const walk = new Walk(text);
  const fault = walk.run();
  return fault === undefined ? ok(walk.cost) : refused(fault);
}
