/**
 * Reads a regular expression of the subset: what it costs, and how to match it. A backtracking
 * engine tries, for each quantifier and each alternation, every choice against every choice of the
 * others: so the choices multiply. Two forms make more than that of them and are refused: a repeated
 * group that itself repeats or chooses, whose choices grow with a power of the value's length, and
 * back-references and look-arounds, whose work no count of choices bounds.
 */
import { words } from "../../lib/strict-object.ts";
import { ok, refused, type Result } from "../../lib/result.ts";
import { MAX_REGEX_CHARS } from "../limits.ts";
import {
  assertion,
  character,
  either,
  repeated,
  sequence,
  type Bounds,
  type Part,
} from "./regex-positions.ts";

/** A quantifier without a bound, or with one above {@link SMALL_BOUND}, counts as so many choices: the longest value that is looked at. */
const UNBOUNDED_CHOICES = 512;

/** Up to here a bound counts as what it says. */
const SMALL_BOUND = 8;

/** What is wrong, and what to write instead; neither in a build without words. */
type Fault = readonly [what: string | undefined, fix: string | undefined];

/** An expression as it was read. */
interface Read {
  /** By the contract: choices multiplied, a leading or a trailing `.*` left out. */
  readonly cost: number;
  /** What a backtracking engine may do at worst: each piece as often as there are choices before it. */
  readonly steps: number;
  readonly part: Part;
}

const QUANTIFIER = /[*+?]\??|\{(\d+)(,?)(\d*)\}\??/y;
const BARRED = /\\(?:[1-9]|k<)|\(\?<?[=!]/y;
const GROUP = /\((?:\?(?:<[^>]*>|[a-z-]*:))?/y;
/** An escape, a class, or a code point for itself; two escapes of halves of one code point are one piece. */
const PIECE =
  /\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u\{[0-9A-Fa-f]+\}|[pP]\{[^}]*\}|c[A-Za-z]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[^])|\[(?:[^\]\\]|\\[^])*\]|[^]/uy;
const ASSERTION = /^(?:[$^]|\\[bB])$/;
const MODIFIERS = /^\(\?[a-z-]+:$/;

function boundsOf([text, low, comma, high]: RegExpExecArray): Bounds {
  if (text.startsWith("*")) return [0, Infinity];
  if (text.startsWith("+")) return [1, Infinity];
  if (text.startsWith("?")) return [0, 1];
  if (comma === "") return [Number(low), Number(low)];
  return [Number(low), high === "" ? Infinity : Number(high)];
}

/** Reads an expression that the engine takes, from its beginning to its end. */
class Reader {
  cost = 1;
  steps = 0;
  fault: Fault | undefined;
  readonly #text: string;
  #index = 0;
  /** The choices so far, of which a leading `.*` is one: it is tried at every place. */
  #choices = 1;
  /** Groups around. */
  #depth = 0;
  /** Whether there was an alternation or a quantifier since a group around began to look. */
  #chose = false;
  /** The openings of the groups around that change how letters and lines count. */
  #modifiers: readonly string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** What stands right here; nothing where it is something else. */
  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#index += found[0].length;
    return found;
  }

  branches(): Part {
    const all = [this.#sequence()];
    while (this.#text[this.#index] === "|") {
      this.#index += 1;
      this.#chose = true;
      all.push(this.#sequence());
    }
    this.cost *= all.length;
    this.#choices *= all.length;
    this.steps += this.#choices;
    return either(all);
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#index < this.#text.length && !/[|)]/.test(this.#text[this.#index] ?? ""))
      parts.push(this.#part());
    return sequence(parts);
  }

  #part(): Part {
    const barred = this.#take(BARRED);
    if (barred !== null) {
      this.fault ??= barred[0].startsWith("\\")
        ? [words("it refers back to a group"), words("write out what it repeats")]
        : [
            words("it looks around"),
            words('match the whole value, or use another rule with "not"'),
          ];
      return sequence([]);
    }
    const start = this.#index;
    const opening = this.#take(GROUP)?.[0];
    if (opening !== undefined) return this.#group(opening);
    const written = this.#take(PIECE)?.[0] ?? "";
    const piece = this.#modifiers.join("") + written + ")".repeat(this.#modifiers.length);
    this.steps += this.#choices;
    if (ASSERTION.test(written)) return assertion(piece);
    return this.#quantified(character(piece), written === "." ? start : Infinity, piece);
  }

  #group(opening: string): Part {
    const around = { modifiers: this.#modifiers, chose: this.#chose };
    if (MODIFIERS.test(opening)) this.#modifiers = [...around.modifiers, opening];
    this.#chose = false;
    this.#depth += 1;
    const inner = this.branches();
    this.#depth -= 1;
    this.#index += ")".length;
    this.#modifiers = around.modifiers;
    const chooses = this.#chose;
    this.#chose ||= around.chose;
    return this.#quantified(inner, Infinity, undefined, chooses);
  }

  /** A part as often as the quantifier behind it says. A `.` stands at `dot`. */
  #quantified(part: Part, dot: number, piece?: string, chooses = false): Part {
    const found = this.#take(QUANTIFIER);
    if (found === null) return part;
    const [low, high] = boundsOf(found);
    if (high > 1 && chooses) {
      this.fault ??= [
        words("a group that is repeated holds an alternation or a quantifier"),
        words("write out the repetition, or use a class such as [ab]"),
      ];
    }
    this.#chose = true;
    const choices = high > SMALL_BOUND ? UNBOUNDED_CHOICES : Math.max(1, high, high - low + 1);
    const isAnything = found[0] === "*" && dot < Infinity && this.#depth === 0;
    const isLast = isAnything && this.#index === this.#text.length;
    if (!isLast && !(isAnything && dot === 0)) this.cost *= choices;
    if (!isLast) this.#choices *= choices;
    this.steps += this.#choices;
    return repeated(part, [low, high], piece);
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

/** A regular expression as it is read, or why it is not one of the subset. */
export function readRegex(text: string): Result<Read, Fault> {
  // Before anything is read: groups may lie as deep inside one another as a text is long.
  if (text.length > MAX_REGEX_CHARS)
    return refused([
      words(() => `it has more than ${MAX_REGEX_CHARS} characters`),
      words("part it into rules"),
    ]);
  if (!compiles(text))
    return refused([
      words("it is not one (ECMAScript, flag u)"),
      words("mend its brackets and escapes"),
    ]);
  const reader = new Reader(text);
  const part = reader.branches();
  const { fault, cost, steps } = reader;
  return fault === undefined ? ok({ cost, steps, part }) : refused(fault);
}
