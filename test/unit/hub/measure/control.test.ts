import { expect, test } from "vitest";

import { controlOf } from "../../../../src/hub/measure/data.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { parseValue } from "../../../../src/policy/parse.ts";
import { weighted } from "../../policy/judge.ts";

function control(more: Readonly<Record<string, unknown>>): string {
  const parsed = parseValue(weighted(more), { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const [node] = compile(parsed.policy, "shop").splits;
  return controlOf(node, { control: 0.9, treatment: 0.1 }, 0);
}

test("results compare with the variant that a guard names, else with the default one", () => {
  const checks = [{ metric: "failures", maxIncrease: 1 }];
  expect(control({ guard: { checks, control: "treatment" } })).toBe("treatment");
  expect(control({ guard: { checks } })).toBe("control");
  expect(control({})).toBe("control");
});

test("results of a split that is gone compare with the variant that most were drawn for", () => {
  expect(controlOf(undefined, { control: 0.9, treatment: 0.1 }, 0)).toBe("control");
});
