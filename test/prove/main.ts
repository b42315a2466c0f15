/** `npm run prove`: what the statistics claim, tried on simulated experiments. See docs/statistics.md. */
import { parseArgs } from "node:util";
import { table } from "../bench/report.ts";
import { CLAIMS } from "./claims.ts";
import { showGuards } from "./guard/show.ts";
import { alarm, EFFECTS, power } from "./power.ts";
import { isShown, LIMITS, prove, type Proof } from "./prove.ts";
import { REPORTS } from "./simulate.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1729" },
    /** Only claims whose name contains this; `guards` for those of guards. */
    only: { type: "string", default: "" },
  },
});
const [runs, seed] = [Number(options.runs), Number(options.seed)];
if (!(Number.isSafeInteger(runs) && runs > 0 && Number.isSafeInteger(seed)))
  throw new RangeError("--runs and --seed want whole numbers, --runs above 0");

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;

function row(proof: Proof): string[] {
  const { claim, wrong, judged, bias, biasError } = proof;
  const isMarked = (key: string) => (proof.broken.some((one) => one === key) ? " !" : "");
  return [
    claim.name,
    percent(wrong.winner / runs) + isMarked("winner"),
    percent(wrong.missed / runs) + isMarked("missed"),
    percent(wrong.alert / runs) + isMarked("alert"),
    percent(judged / runs),
    `${bias.toExponential(1)} ± ${biasError.toExponential(1)}${isMarked("bias")}`,
    isShown(proof) ? "as claimed" : claim.breaks === undefined ? "BROKEN" : "not shown",
  ];
}

/** What looking often costs, in a tenth of the experiments. */
function showPower(few: number): void {
  console.log(
    `\npower, ${few} experiments each, beside a test of 5 % with a power of 80 % that is looked at once`,
  );
  console.log(
    table(
      [
        "effect",
        "visitors of that test",
        "seen at half of them",
        "at as many",
        "twice",
        "3 times",
        "median",
      ],
      EFFECTS.map((effect) => {
        const { fixed, by, median } = power(effect, few, seed);
        const name = `${percent(effect.rate)} → ${percent(effect.becomes)}, ${percent(effect.control)} for the control`;
        return [name, String(fixed), ...by.map(percent), `${median.toFixed(2)} times`];
      }),
    ),
  );
  console.log(`\nan even split that loses visitors of one variant, ${few} experiments each`);
  console.log(
    table(
      ["lost", "alert after, median"],
      [0.02, 0.05, 0.1].map((lost) => [percent(lost), `${alarm(lost, few, seed)} visitors`]),
    ),
  );
}

/** All claims of results, or those that are wanted. */
function showResults(): boolean {
  console.log(`${runs} experiments each, looked at after each of ${REPORTS} reports; seed ${seed}`);
  console.log(
    `limits: false winner ${percent(LIMITS.winner)}, missed ${percent(LIMITS.missed)}, false alert ${percent(LIMITS.alert)}; "!" is beyond one by more than chance`,
  );
  const header = [
    "experiment",
    "false winner",
    "missed",
    "false alert",
    "judged",
    "bias",
    "outcome",
  ];
  const proofs: Proof[] = [];
  const claims = CLAIMS.filter(({ name }) => name.includes(options.only));
  for (const claim of claims) {
    proofs.push(prove(claim, runs, seed));
    // It takes minutes.
    process.stderr.write(`${proofs.length} of ${claims.length}: ${claim.name}\n`);
  }
  console.log(table(header, proofs.map(row)));

  if (options.only === "") showPower(Math.ceil(runs / 10));
  return proofs.every(isShown);
}

const GUARDS = "guards";
const areResultsShown = options.only === GUARDS || showResults();
const areGuardsShown = !["", GUARDS].includes(options.only) || showGuards(runs, seed);
process.exitCode = areResultsShown && areGuardsShown ? 0 : 1;
