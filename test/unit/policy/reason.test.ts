import { describe, expect, test } from "vitest";
import { describeReason, REASONS, renderReason } from "../../../src/policy/reason.ts";

describe("reasons", () => {
  test("are these, in the order of decision: rows and dashboards know them by name", () => {
    expect(REASONS).toEqual([
      "forced",
      "bot",
      "no-consent",
      "override",
      "rule",
      "draining",
      "pinned",
      "not-covered",
      "split",
      "ramp",
      "lease-expired",
      "active",
      "only",
    ]);
  });

  test("each has words of its own", () => {
    expect(new Set(REASONS.map(describeReason)).size).toBe(REASONS.length);
  });

  test("render in one line, with the override that was not followed", () => {
    expect(renderReason("split", undefined)).toBe("split");
    expect(renderReason("split", "expired")).toBe("split; override=expired");
  });
});
