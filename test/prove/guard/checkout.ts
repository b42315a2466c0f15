import { judgeGuard } from "../../../src/stats/guard/judge.ts";
import { timesOf, type Times } from "../../../src/stats/guard/times.ts";
import type { GuardData } from "../../../src/stats/guard/types.ts";
import { Random } from "../../../src/stats/random.ts";
import type { ErrorProof } from "./error.ts";

/** How many convert of the control, and the canary's share of all visitors. */
const RATE = 0.05;
const CANARY = 0.1;

/** Visitors that one report of five seconds brings, as in the streams of failures. */
const A_REPORT = 25;

/** Looks at an experiment of so many visitors, each after a part of them more than the one before. */
const LOOKS = 100;
const VISITORS = 100_000;

interface Counts {
  visitors: number;
  conversions: number;
}

const tally = ({ visitors, conversions }: Counts) => ({
  visitors,
  failed: 0,
  crossovers: 0,
  goals: { purchase: { conversions, sum: conversions, sumOfSquares: conversions, capped: 0 } },
});

function dataOf(stable: Counts, canary: Counts, maxDrop: number): GuardData {
  const exposed = { stable: stable.visitors, canary: canary.visitors };
  const variants = { stable: tally(stable), canary: tally(canary) };
  const shares = { stable: 1 - CANARY, canary: CANARY };
  return {
    checks: [{ metric: "goal", goal: "purchase", maxDrop }],
    minVisitors: 10,
    control: "stable",
    variants: ["canary"],
    identity: "lasting",
    windowMs: 300_000,
    window: {},
    strata: [{ allocation: "90/10", since: 0, shares, exposed, variants }],
    networks: {},
    halvings: 0,
    goals: [{ goal: "purchase", unattributed: 0 }],
    srm: { verdict: "ok", p: 1 },
  };
}

/** Visitors after whom the guard acted, looked at whenever so many have come. */
function foundAfter(random: Random, rate: number, maxDrop: number, looks: Iterable<number>) {
  const [stable, canary] = [
    { visitors: 0, conversions: 0 },
    { visitors: 0, conversions: 0 },
  ];
  let came = 0;
  for (const upTo of looks) {
    const drawn = random.binomial(upTo - came, CANARY);
    for (const [arm, visitors, share] of [
      [canary, drawn, rate],
      [stable, upTo - came - drawn, RATE],
    ] as const) {
      arm.visitors += visitors;
      arm.conversions += random.binomial(visitors, share);
    }
    came = upTo;
    if (judgeGuard(dataOf(stable, canary, maxDrop)).verdict === "breached") return came;
  }
  return undefined;
}

const everyReport = Array.from(
  { length: VISITORS / A_REPORT },
  (_, index) => (index + 1) * A_REPORT,
);
const quadratic = Array.from({ length: LOOKS }, (_, index) =>
  Math.round(VISITORS * ((index + 1) / LOOKS) ** 2),
);

/** Visitors of both that it takes to find a canary on which so many of the control's conversions are lost (0…1). */
export function dropped(lost: number, runs: number, seed: number): Times {
  const random = new Random(seed);
  return timesOf(
    Array.from({ length: runs }, () => foundAfter(random, RATE * (1 - lost), 5, everyReport)),
  );
}

/** Canaries that convert as the control does, or less by all that is allowed. */
export function dropInError(lost: number, runs: number, seed: number): ErrorProof {
  const random = new Random(seed);
  const all = Array.from({ length: runs }, () =>
    foundAfter(random, RATE * (1 - lost), 5, quadratic),
  );
  const acted = all.filter((at) => at !== undefined).length;
  const name = `100 000 visitors who convert ${lost * 100} % less, goal.maxDrop 5 %`;
  return { name, runs, acted };
}
