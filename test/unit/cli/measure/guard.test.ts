import { describe, expect, test } from "vitest";

import type { Io } from "../../../../src/cli/io.ts";
import { guardLines, renderGuard } from "../../../../src/cli/measure/guard.ts";
import { lineOf } from "../../../../src/cli/measure/line.ts";
import { renderRoute } from "../../../../src/cli/measure/route.ts";
import type { GuardStatus } from "../../../../src/cli/measure/shapes.ts";
import { dressed } from "../../../../src/cli/text/style.ts";
import { AT, EXPERIMENT, KNOWN, RESULTS, STATUS } from "./example.ts";
import { GUARD } from "./guard-example.ts";

const NOW = Date.parse(AT);
const plainIo = { colour: false } as Io;
const text = (lines: readonly string[]) => lines.map(dressed).join("\n");

const WORDS = `\
  failures are too few to tell: 3 of 10 visitors with one so far, all else is
    within its limits.`;

const FURTHER = `\
  failures vs. control: 7 more visitors with a failure, from as many addresses
  purchase vs. control: 100 visitors a variant
  step 2 of 5 is earned; the next one waits: 12 more minutes, and 4 visitors
  abort, 1 h ago: bold failed 41 of 512 visitors (8.0 %), control 3 of 1 530
    (0.2 %), limit 1 point above the control`;

describe("a guard", () => {
  test("is shown with its words, each check in the unit of its limit, and what it waits for", () => {
    expect(text(renderGuard(plainIo, GUARD, NOW))).toBe(`\
guard watching
${WORDS}
                                     value    limit  visitors
  failures in a window  bold       0.412 %      2 %     5 120  healthy
  failures vs. control  bold  0.067 points  1 point     5 120  watching
  p95 in a window       calm      1 042 ms   800 ms        60  acted
  p99.9 vs. control     calm       12.25 %     25 %        60  healthy
  sample ratio          bold       p 0.412  p 0.001     5 120  alerted
  purchase vs. control  –                –      5 %         0  watching
${FURTHER}`);
  });

  test("is told without its figures where there is little room", () => {
    expect(text(guardLines(plainIo, GUARD, NOW))).toBe(`${WORDS}\n${FURTHER}`);
  });

  test("says no more than there is", () => {
    const quiet: GuardStatus = { verdict: "healthy", words: "All is well.", checks: [] };
    expect(text(guardLines(plainIo, quiet, NOW))).toBe("  All is well.");
    const acted = { at: "2026-12-01T11:59:20.000Z", action: "abort", evidence: "All is ill." };
    const words = "All is ill. The guard took it back.";
    expect(text(guardLines(plainIo, { ...quiet, words, acted }, NOW))).toBe(
      `  ${words}\n  abort, 1 min ago`,
    );
    const last = { ...quiet, ramp: { step: 4, steps: 5, missing: null } };
    expect(text(guardLines(plainIo, last, NOW))).toBe("  All is well.\n  step 5 of 5 is earned");
  });
});

describe("a route with a guard", () => {
  const known = {
    ...KNOWN,
    status: {
      ...STATUS,
      experiments: STATUS.experiments.map((one) => ({ ...one, guard: "watching" as const })),
    },
    results: { ...RESULTS, experiments: [{ ...EXPERIMENT, guard: GUARD }] },
  };

  test("has its words between the verdict and the variants", () => {
    const [, , ...lines] = text(renderRoute(plainIo, known)).split("\n");
    expect(lines[0]).toBe("weighted, 845 requests a minute, split ok, guard watching");
    expect(lines.join("\n")).toContain(`a whole week.\n${WORDS}\n${FURTHER}\n     `);
  });

  test("has its state, the step earned and what it did in the line of a log", () => {
    const [line] = lineOf(known);
    expect(line).toContain(
      "  guard watching, step 2 of 5 earned, abort 2026-12-01T10:58:20Z: bold failed 41 of 512 visitors (8.0 %), control 3 of 1 530 (0.2 %), limit 1 point above the control  bold converts",
    );
  });
});
