import { describe, expect, test } from "vitest";

import type { Io } from "../../../../src/cli/io.ts";
import { lineOf } from "../../../../src/cli/measure/line.ts";
import { renderOverview } from "../../../../src/cli/measure/overview.ts";
import { renderResults } from "../../../../src/cli/measure/results.ts";
import { renderRoute } from "../../../../src/cli/measure/route.ts";
import { dressed } from "../../../../src/cli/text/style.ts";
import { AT, EXPERIMENT, KNOWN, METRICS, RESULTS, STATUS } from "./example.ts";
import { GUARD } from "./guard-example.ts";

const NOW = Date.parse(AT);
const plainIo = { colour: false } as Io;
const colourIo = { colour: true } as Io;
const text = (lines: readonly string[]) => lines.map(dressed).join("\n");
const [AB] = STATUS.experiments;
if (AB === undefined) throw new Error("the example has an experiment");

const NEXT = { at: "2026-12-01T12:10:00.000Z", shares: { stable: 0.75, canary: 0.25 } };

/** What a name from a policy may do to a terminal, and how long it may be. */
const HOSTILE = `\u001B[2J\u202E\n${"x".repeat(60)}`;

describe("sy status KEY", () => {
  test("shows a route as it is: verdict, shares, failures, visitors, and the last minutes", () => {
    expect(text(renderRoute(plainIo, KNOWN))).toBe(`\
ab.localhost  version 3, newest report 4 s ago

weighted, 845 requests a minute, split ok, guard –
bold converts better: +6.8 points (2.1 to 11.5) in purchase; calm is undecided:
+0.2 points (−3.1 to 3.5) in purchase; 7 more days to a whole week.
                 share  failed       p95  visitors  purchase  requests
  control  ██▌  50.0 %   0.0 %     12 ms     1 512     8.0 %  ▁▁▁▁▁▄██████
  bold     █▌   30.0 %   1.2 %     10 ms       890    14.8 %  ▁▁▁▁▁▄███▇██
  calm     █    20.0 %   0.0 %  1 042 ms       598     8.2 %  ▁▁▁▁▁▄██▇███`);
  });

  test("draws failures too where there are some and lines have room", () => {
    const short = { ...AB, shares: { a: 0.9, b: 0.1 }, failureShare: { a: 0, b: 0.5 } };
    const bold = METRICS.series.filter(({ variant }) => variant === "bold");
    const known = {
      ...KNOWN,
      status: { ...STATUS, experiments: [short] },
      results: { ...RESULTS, experiments: [] },
      metrics: { ...METRICS, series: bold.map((one) => ({ ...one, variant: "b" })) },
    };
    expect(text(renderRoute(plainIo, known)).split("\n").slice(-3)).toEqual([
      "             share  failed    p95  visitors  goal  requests      failures",
      "  a  ████▌  90.0 %   0.0 %      –         –     –",
      "  b  ▌      10.0 %  50.0 %  10 ms         –     –  ▁▁▁▁▁▄███▇██  ▁▁▁▁▁▁▃▁█▅▁▆",
    ]);
  });

  test("of a route that does not split it shows its requests, or that there are none", () => {
    const single = { ...STATUS, route: "single.localhost", reportedAt: null, experiments: [] };
    const results = { route: "single.localhost", experiments: [] };
    const none = { ...KNOWN, status: single, results, metrics: { ...METRICS, series: [] } };
    expect(text(renderRoute(plainIo, none))).toBe(`\
single.localhost  version 3, no report yet

no split, and no figures of requests`);
    const [control] = METRICS.series;
    const series = ["single.localhost", "single.localhost/api", ""].flatMap((experiment) =>
      control === undefined ? [] : [{ ...control, experiment }],
    );
    const some = { ...none, metrics: { ...METRICS, series } };
    expect(text(renderRoute(plainIo, some)).split("\n").slice(2)).toEqual([
      "without a split",
      "                failed    p95  requests",
      "  control        0.0 %  12 ms  ▁▁▁▁▁▄██████",
      "  /api control   0.0 %  12 ms  ▁▁▁▁▁▄██████",
      "  control        0.0 %  12 ms  ▁▁▁▁▁▄██████",
    ]);
  });

  test.each([
    [
      { ramp: { state: "running", begun: 1, steps: 3 }, next: NEXT },
      "ramp at step 1 of 3, goes on by the clock; from 2026-12-01 12:10 UTC on stable\n75.0 %, canary 25.0 %",
    ],
    [
      { ramp: { state: "waiting", begun: 2, steps: 3 } },
      "ramp at step 2 of 3, stands until its next step is earned",
    ],
    [{ next: NEXT }, "from 2026-12-01 12:10 UTC on stable 75.0 %, canary 25.0 %"],
  ] as const)("says what is ahead by the policy: %j", (ahead, words) => {
    const ramping = { ...STATUS, experiments: [{ ...AB, ...ahead }] };
    expect(text(renderRoute(plainIo, { ...KNOWN, status: ramping }))).toContain(
      `guard –\n${words}\nbold converts better`,
    );
  });

  test("says that KV has something else", () => {
    const drifted = { ...KNOWN, status: { ...STATUS, version: null, drift: true } };
    expect(text(renderRoute(plainIo, drifted))).toContain(`\
ab.localhost  put by hand, newest report 4 s ago
KV has a value that was put there by hand: see sy get ab.localhost
`);
  });
});

describe("sy status", () => {
  const inside = {
    ...AB,
    experiment: "shop.localhost/store",
    strategy: "canary",
    shares: { stable: 0.975, canary: 0.025 },
    srm: "alert",
    guard: "acted",
  } as const;
  const routes = [
    STATUS,
    { route: "shop.localhost", version: 1, drift: false, reportedAt: AT, experiments: [inside] },
    { route: "single.localhost", version: 1, drift: true, reportedAt: null, experiments: [] },
  ];

  test("has a row for each route, and for each experiment inside it", () => {
    expect(text(renderOverview(plainIo, { at: AT, routes }))).toBe(`\
route               shares    req/min  failed  split  guard  report
ab.localhost        50/30/20      845   1.2 %  ok     –         4 s
shop.localhost                      –       –  –      –         0 s
  /store            97.5/2.5      845   1.2 %  alert  acted
single.localhost *                  –       –  –      –           –
* KV has a value that was put there by hand: see sy get`);
  });

  test("marks shares that will change, and says what each mark stands for", () => {
    const at = (route: string, ahead: object) => ({
      ...STATUS,
      route,
      experiments: [{ ...AB, experiment: route, guard: null, ...ahead }],
    });
    const ramp = (state: string) => ({ ramp: { state, begun: 1, steps: 3 } });
    const ahead = [
      at("cut-over.localhost", { next: NEXT, shares: { blue: 1, green: 0 } }),
      at("done.localhost", ramp("done")),
      at("long.localhost", { ...ramp("running"), shares: { a: 0.333, b: 0.333, c: 0.334 } }),
      at("paused.localhost", ramp("paused")),
      at("waits.localhost", ramp("waiting")),
    ];
    expect(text(renderOverview(plainIo, { at: AT, routes: ahead }))).toBe(`\
route               shares       req/min  failed  split  guard  report
cut-over.localhost  100/0 ◷          845   1.2 %  ok     –         4 s
done.localhost      50/30/20         845   1.2 %  ok     –         4 s
long.localhost      33.3/33.… ↗      845   1.2 %  ok     –         4 s
paused.localhost    50/30/20 ‖       845   1.2 %  ok     –         4 s
waits.localhost     50/30/20 ⇡       845   1.2 %  ok     –         4 s
◷ the clock will change the shares
↗ a ramp goes on by the clock
⇡ a ramp stands until its next step is earned
‖ a ramp stands until somebody resumes it`);
  });

  test("says so where there is none", () => {
    expect(renderOverview(plainIo, { at: AT, routes: [] })).toEqual(["no route"]);
  });

  test.each([
    ["2026-12-01T12:00:25.000Z", "0 s"],
    ["2026-12-01T11:59:21.000Z", "59 s"],
    ["2026-12-01T11:59:20.000Z", "1 min"],
    ["2026-12-01T11:00:21.000Z", "59 min"],
    ["2026-12-01T11:00:20.000Z", "1 h"],
    ["2026-11-30T12:00:21.000Z", "23 h"],
    ["2026-11-30T12:00:20.000Z", "1 d"],
    ["nonsense", "–"],
  ])("tells the age of a report of %s as %s", (reportedAt, age) => {
    const [, row] = renderOverview(plainIo, { at: AT, routes: [{ ...STATUS, reportedAt }] });
    expect(row?.endsWith(`  ${age}`)).toBe(true);
  });
});

describe("sy results", () => {
  test("begins with the verdict, and tells what it rests on", () => {
    expect(text(renderResults(plainIo, RESULTS, NOW))).toBe(`\
ab.localhost
bold converts better: +6.8 points (2.1 to 11.5) in purchase; calm is undecided:
+0.2 points (−3.1 to 3.5) in purchase; 7 more days to a whole week.

split ok (p = 0.41), one allocation, since 2026-12-01 11:40 UTC
  * control  visitors  expected  failed       p95  crossed over
  control *     1 512     1 500   0.0 %     12 ms         0.1 %
  bold            890       900   1.2 %     10 ms         2.0 %
  calm            598       600   0.0 %  1 042 ms         0.0 %
  in no result: 12 chosen by a rule, 3 with an id that is not ours

purchase, 4 unattributed
           reached    rate  points above control
  control      121   8.0 %
  bold         132  14.8 %  +6.8 (2.1 to 11.5)             │ ───●────  better
  calm          49   8.2 %  +0.2 (−3.1 to 3.5)           ──●───        undecided

revenue, cut at 500 a visitor (2 were)
           reached   mean  above control
  control      121   5.60
  bold         132  10.38  +4.8 (0.2 to 9.3)            ┼────●─────  better
  calm          49   5.74  –                                         too early

visitors with a failure
           reached   rate  points above control
  control        0  0.0 %
  bold          11  1.2 %  +1.2 (0.2 to 2.3)              │────●────  worse
  calm           0  0.0 %  –                                          too early`);
  });

  test("tells each allocation where there are several, and the guard", () => {
    const [stratum] = EXPERIMENT.strata;
    if (stratum === undefined) throw new Error("the example has a stratum");
    const strata = Array.from({ length: 12 }, (_, n) => ({ ...stratum, allocation: `step ${n}` }));
    const result = { ...EXPERIMENT, sampleRate: 0.125, allocations: 12, strata, guard: GUARD };
    const told = text(renderResults(plainIo, { ...RESULTS, experiments: [result] }, NOW));
    expect(told).toContain("12 allocations, a sample of 12.5 %, since 2026-12-01 11:40 UTC\n");
    expect(told.slice(told.indexOf("each allocation")).split("\n").slice(0, 6)).toEqual([
      "each allocation",
      "  … 2 earlier ones: see --json",
      "           since (UTC)       variant  visitors  purchase",
      "  step 2   2026-12-01 11:40  control     1 512     8.0 %",
      "                             bold          890    14.8 %",
      "                             calm          598     8.2 %",
    ]);
    expect(told).toMatch(/\n {2}step 11 .*\n.*\n.*\n\nguard watching\n {2}failures are too few/);
  });

  test("says no more than the verdict where nobody was drawn", () => {
    const verdict = "no verdict possible: no draw says who gets what.";
    const result = { ...EXPERIMENT, allocations: 0, verdict };
    expect(renderResults(plainIo, { ...RESULTS, experiments: [result] }, NOW)).toEqual([
      "ab.localhost",
      verdict,
    ]);
  });

  test("says so where nobody was exposed", () => {
    expect(renderResults(plainIo, { route: "single.localhost", experiments: [] }, NOW)).toEqual([
      "single.localhost has no experiment that anybody was exposed to",
    ]);
  });
});

describe("a line of sy watch in a pipe", () => {
  test("has all of it", () => {
    expect(lineOf(KNOWN)).toEqual([
      "2026-12-01T12:00:20Z  ab.localhost  845 requests/min  control 50.0 %: 1 512 visitors, purchase 8.0 %, failed 0.0 %  bold 30.0 %: 890 visitors, purchase 14.8 %, failed 1.2 %  calm 20.0 %: 598 visitors, purchase 8.2 %, failed 0.0 %  split ok  bold converts better: +6.8 points (2.1 to 11.5) in purchase; calm is undecided: +0.2 points (−3.1 to 3.5) in purchase; 7 more days to a whole week.",
    ]);
  });

  test("of a route without a split says that", () => {
    const single = { ...KNOWN, status: { ...STATUS, experiments: [] } };
    expect(lineOf(single)).toEqual(["2026-12-01T12:00:20Z  ab.localhost  no split"]);
  });
});

describe("what others have named", () => {
  const renamed = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(/\b(?:bold|purchase|revenue|calm)\b/g, JSON.stringify(HOSTILE).slice(1, -1))
        .replaceAll("50/30/20", JSON.stringify(HOSTILE).slice(1, -1)),
    );
  const guarded = { ...EXPERIMENT, guard: GUARD };
  const known = renamed({
    ...KNOWN,
    results: { ...RESULTS, experiments: [guarded] },
  }) as typeof KNOWN;
  const drawn = (io: Io) => [
    ...renderRoute(io, known),
    ...renderResults(io, known.results, NOW),
    ...renderOverview(io, { at: AT, routes: [{ ...known.status, route: HOSTILE }] }),
  ];

  test("moves no cursor, turns no text around, and leaves every line within 80 columns", () => {
    for (const line of drawn(plainIo).map(dressed)) {
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E]/);
      expect(line).toMatch(/^.{0,80}$/u);
    }
  });

  test("takes no more room with colours", () => {
    // oxlint-disable-next-line no-control-regex -- the colours are what is taken out
    const bare = drawn(colourIo).map((line) => dressed(line).replaceAll(/\u001B\[\d+m/g, ""));
    // Spaces before the end of a style are not seen.
    expect(bare.map((line) => line.trimEnd())).toEqual(drawn(plainIo).map(dressed));
  });
});
