import { FAULTS, type Fault } from "../../support/faulty.ts";

/** What a visitor gets: a whole answer, one that breaks off, the origin's own failing one, or a problem of ours. */
export type Outcome =
  | "200"
  | "200, cut off"
  | "500, its own"
  | "502, its own"
  | "503, its own"
  | "504, its own"
  | "502 origin-unreachable"
  | "504 origin-timeout";

export interface Row {
  /** Without any remedy; also for every request that is not a GET, HEAD or OPTIONS without a body. */
  readonly plain: Outcome;
  /** With `retry`, where the fault is gone at the second try. A fault that stays gives what `plain` says. */
  readonly retry: Outcome;
  /** With `rescue` or `fallback`, and that other origin well. */
  readonly elsewhere: Outcome;
  /** Whether it counts towards leaving the origin out. */
  readonly charged: boolean;
}

const UNREACHABLE: Row = {
  plain: "502 origin-unreachable",
  retry: "200",
  elsewhere: "200",
  charged: true,
};
const HARMLESS: Row = { plain: "200", retry: "200", elsewhere: "200", charged: false };
/** The visitor has the head already: nothing can be taken back. */
const AFTER_THE_HEAD: Row = {
  plain: "200, cut off",
  retry: "200, cut off",
  elsewhere: "200, cut off",
  charged: false,
};
const own = (plain: Outcome): Row => ({ plain, retry: "200", elsewhere: "200", charged: true });
/** An answer like any other, unless the policy says that it is retried. */
const ANSWER: Row = {
  plain: "500, its own",
  retry: "500, its own",
  elsewhere: "500, its own",
  charged: false,
};

/** What the tests of every strategy expect, and what docs/operations.md shows. */
const TABLE: Readonly<Record<Exclude<Fault, "good">, Row>> = {
  refuse: UNREACHABLE,
  "reset-before-head": UNREACHABLE,
  "reset-mid-body": AFTER_THE_HEAD,
  "slow-head": HARMLESS,
  hang: { plain: "504 origin-timeout", retry: "200", elsewhere: "200", charged: true },
  "slow-body": HARMLESS,
  garbage: UNREACHABLE,
  "wrong-length": AFTER_THE_HEAD,
  "endless-headers": UNREACHABLE,
  "close-after-continue": UNREACHABLE,
  "500": ANSWER,
  "502": own("502, its own"),
  "503": own("503, its own"),
  "504": own("504, its own"),
};

/** The rows in the order they are written in: an object puts keys that are numbers first. */
export const FAULTY: readonly (readonly [Exclude<Fault, "good">, Row])[] = (
  Object.entries(TABLE) as [Exclude<Fault, "good">, Row][]
).toSorted(([a], [b]) => Number(/^\d/.test(a)) - Number(/^\d/.test(b)));

/** The table as docs/operations.md has it, in Markdown. */
export function renderTable(): string {
  const rows = FAULTY.map(([fault, { plain, retry, elsewhere, charged }]) => {
    const meaning = FAULTS[fault].replace("stepMs", "a while");
    return `| \`${fault}\`: ${meaning} | ${plain} | ${retry} | ${elsewhere} | ${charged ? "yes" : "no"} |`;
  });
  return [
    "| the origin | no remedy, or a POST | `retry`, fault gone by then | `rescue` or `fallback` | counts towards leaving it out |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}
