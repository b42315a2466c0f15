import { describe, expect, test } from "vitest";
import { CLAIMS } from "../../prove/claims.ts";
import { LIMITS, prove } from "../../prove/prove.ts";
import { REPORTS } from "../../prove/simulate.ts";
import { runs, seed } from "../../support/property.ts";
import { ALPHA } from "../../support/statistics.ts";

/** Experiments of each claim; `npm run prove` takes 10 000. What is wrong in one of five is seen in so few. */
const FEW = 100;

const limits = `false winner ${LIMITS.winner}, missed ${LIMITS.missed}, false alert ${LIMITS.alert}`;

describe(`at any of ${REPORTS} looks: ${limits} (seed ${seed()}, alpha ${ALPHA})`, () => {
  const sound = CLAIMS.filter(({ breaks }) => breaks === undefined);

  test.each(sound)("$name", (claim) => {
    const proof = prove(claim, runs(FEW), seed());
    expect(proof.broken).toEqual([]);
    expect(proof.judged).toBe(proof.runs);
  });

  const caught = CLAIMS.flatMap(({ breaks, shownBy = 0, ...claim }) =>
    breaks === undefined || shownBy === 0 ? [] : [{ ...claim, breaks, shownBy }],
  );

  test.each(caught)("$name: is caught", (claim) => {
    expect(prove(claim, runs(claim.shownBy), seed()).broken).toContain(claim.breaks);
  });

  test("a naive version of every rule is among them", () => {
    expect(caught.length).toBeGreaterThanOrEqual(7);
  });
});
