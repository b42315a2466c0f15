import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFor, metricsText, type Family } from "../../../../src/control/open-metrics/text.ts";
import { check } from "../../../support/property.ts";
import { characters } from "../../../property/arbitraries/text.ts";

const requests: Family = {
  name: "requests",
  type: "counter",
  help: 'What came: "all"\nof it',
  samples: [
    { suffix: "_total", labels: { route: "shop", counted: "true" }, value: 3 },
    { suffix: "_total", labels: {}, value: 0.5 },
  ],
};
const age: Family = {
  name: "age_seconds",
  type: "gauge",
  unit: "seconds",
  help: "Age.",
  samples: [{ suffix: "", labels: { route: "shop" }, value: Infinity }],
};
const build: Family = {
  name: "build",
  type: "info",
  help: "The release.",
  samples: [{ suffix: "_info", labels: { version: "1" }, value: 1 }],
};
const empty: Family = { name: "nothing", type: "gauge", help: "Nothing.", samples: [] };

describe("metrics as text", () => {
  test("in OpenMetrics end with # EOF, and name families without the suffix of their samples", () => {
    expect(metricsText([requests, empty, age, build], "openMetrics")).toBe(
      [
        "# TYPE requests counter",
        String.raw`# HELP requests What came: \"all\"\nof it`,
        'requests_total{route="shop",counted="true"} 3',
        "requests_total 0.5",
        "# TYPE age_seconds gauge",
        "# UNIT age_seconds seconds",
        "# HELP age_seconds Age.",
        'age_seconds{route="shop"} +Inf',
        "# TYPE build info",
        "# HELP build The release.",
        'build_info{version="1"} 1',
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  test("in the older format name each as its samples, and know no units", () => {
    const text = metricsText([requests, age, build], "prometheus");
    expect(text).toContain("# TYPE requests_total counter\n# HELP requests_total ");
    expect(text).toContain("# TYPE build_info gauge\n");
    expect(text).not.toContain("UNIT");
    expect(text.endsWith("\n# EOF\n")).toBe(true);
  });

  test("are OpenMetrics for whoever asks for it", () => {
    expect(formatFor(null)).toBe("prometheus");
    expect(formatFor("*/*")).toBe("prometheus");
    expect(formatFor("text/plain")).toBe("prometheus");
    const scraper =
      "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    expect(formatFor(scraper)).toBe("openMetrics");
  });

  test("hold each sample in one line, whatever names say, and give each name back", () => {
    const hostile = fc.oneof(
      fc.string({ unit: characters, maxLength: 30 }),
      fc.constantFrom('"} 1\nevil 2', "\\", '\\"', "\r\n", "# EOF", "\u2028", "\ud800"),
    );
    check(
      fc.property(hostile, hostile, (route, variant) => {
        const samples = [{ suffix: "" as const, labels: { route, variant }, value: 1 }];
        const text = metricsText([{ ...age, samples }], "openMetrics");
        const lines = text.split("\n");
        expect(lines).toHaveLength(6);
        const [, first = "", second = ""] =
          /^age_seconds\{route="((?:[^"\\]|\\.)*)",variant="((?:[^"\\]|\\.)*)"\} 1$/su.exec(
            lines[3] ?? "",
          ) ?? [];
        const plain = (text_: string) =>
          text_.replaceAll(/\\(.)/gsu, (_, one: string) => (one === "n" ? "\n" : one));
        expect([plain(first), plain(second)]).toEqual([
          route.toWellFormed(),
          variant.toWellFormed(),
        ]);
      }),
    );
  });
});
