import { describe, expect, test } from "vitest";
import { familiesOf } from "../../../../src/control/open-metrics/families.ts";
import { metricsText } from "../../../../src/control/open-metrics/text.ts";
import { CHECKS, guardTotals, shard } from "./totals.ts";

describe("the families of guards", () => {
  const told = (...guards: Parameters<typeof guardTotals>[]) =>
    metricsText(
      familiesOf([shard([], { guards: guards.map((guard) => guardTotals(...guard)) })], "1", 0),
      "openMetrics",
    ).split("\n");

  test("say which of its states a guard is in, and of which variant", () => {
    const labels = 'route="shop",experiment="shop",variant="canary",state=';
    const lines = told(["shop", CHECKS, "acted"]);
    expect(lines.filter((line) => line.startsWith("switchyard_guard_state{"))).toEqual([
      `switchyard_guard_state{${labels}"healthy"} 0`,
      `switchyard_guard_state{${labels}"watching"} 0`,
      `switchyard_guard_state{${labels}"alerted"} 0`,
      `switchyard_guard_state{${labels}"acted"} 1`,
    ]);
  });

  test("say of each check what was found, what is allowed and of how many", () => {
    const failures =
      'route="shop",experiment="shop",variant="canary",metric="failures",limits="maxIncrease"';
    const latency =
      'route="shop",experiment="shop",variant="canary",metric="latency",limits="maxMs",quantile="0.95"';
    const goal =
      'route="shop",experiment="shop",variant="",metric="goal",limits="maxDrop",goal="purchase"';
    const lines = told(["shop", CHECKS]).filter((line) =>
      line.startsWith("switchyard_guard_check"),
    );
    expect(lines).toEqual([
      `switchyard_guard_check_value{${failures}} 0.4`,
      `switchyard_guard_check_value{${latency}} 612`,
      `switchyard_guard_check_limit{${failures}} 1`,
      `switchyard_guard_check_limit{${latency}} 800`,
      `switchyard_guard_check_limit{${goal}} 5`,
      `switchyard_guard_check_sample{${failures}} 512`,
      `switchyard_guard_check_sample{${latency}} 60`,
      `switchyard_guard_check_sample{${goal}} 0`,
    ]);
  });

  test("take the variant of the check that decides, and none where none was measured", () => {
    const state = (lines: readonly string[]) =>
      lines.find((line) => line.startsWith("switchyard_guard_state{"));
    const [failures, latency, goal] = CHECKS;
    if (failures === undefined || latency === undefined || goal === undefined) throw new Error();
    const other = { ...latency, variant: "bold" };
    expect(state(told(["shop", [failures, other, goal], "watching"]))).toContain('variant="bold"');
    expect(state(told(["shop", [failures, other, goal], "healthy"]))).toContain('variant="canary"');
    expect(state(told(["shop", [goal], "watching"]))).toContain('variant=""');
  });

  test("hold no series twice, whatever the checks of a guard are", () => {
    const twice = CHECKS.flatMap((check) => [
      check,
      { ...check, limit: check.limit * 2 },
      { ...check, quantile: 0.5 },
    ]);
    const lines = told(["shop", twice], ["other", twice]).filter((line) => !line.startsWith("#"));
    const series = lines.map((line) => line.slice(0, line.lastIndexOf(" ")));
    expect(new Set(series).size).toBe(series.length);
    expect(lines).toContain(
      'switchyard_guard_check_limit{route="shop",experiment="shop",variant="canary",metric="failures",limits="maxIncrease"} 1',
    );
  });
});
