import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadWrangler } from "../../../src/demo/load-wrangler.ts";
import { readConfig, type GatewayEnv } from "../../../src/config/gateway.ts";
import { quietTools } from "../../support/worker-build.ts";
import { blocksOf, page, ROOT } from "../../unit/docs/markdown.ts";

// It reads its environment while it loads, and whoever comes next finds it loaded.
quietTools();
const { unstable_readConfig: readWranglerConfig } = loadWrangler();

/** wrangler.toml as the guide tells to change it, read by wrangler itself; throws what wrangler finds wrong with it. */
function guidedConfig(): unknown {
  const [metrics = ""] = blocksOf(page("docs/guide.md"), "toml").map(({ text }) => text);
  const toml = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "guide-"));
  try {
    const path = join(folder, "wrangler.toml");
    writeFileSync(path, `${toml}\n${metrics}\n`);
    return readWranglerConfig({ config: path }, { hideWarnings: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("wrangler takes the configuration that the guide writes, and reads it as is meant", () => {
  expect(guidedConfig()).toMatchObject({
    analytics_engine_datasets: [{ binding: "METRICS", dataset: "switchyard" }],
  });
});

test("wrangler takes the error pages of the configuration's page, and so does the gateway", () => {
  const [example] = blocksOf(page("docs/configuration.md"), "toml error-pages");
  const folder = mkdtempSync(join(tmpdir(), "pages-"));
  try {
    const path = join(folder, "wrangler.toml");
    const toml = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
    writeFileSync(path, `${toml}\n${example?.text ?? ""}`);
    const read: unknown = readWranglerConfig({ config: path }, { hideWarnings: true });
    const { errorPages } = readConfig((read as { readonly vars: GatewayEnv }).vars);
    expect(Object.keys(errorPages)).toEqual(["route-not-found", "default"]);
    expect(errorPages["default"]).toContain("name {{requestId}} ({{status}} {{code}})");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const FILES = [
  "wrangler.toml",
  "src/control/wrangler.toml",
  "docs/examples/data-plane/wrangler.toml",
];

test.each(FILES)(
  "%s: no line for each request, no query, every error; its limit may be turned on",
  (file) => {
    const toml = readFileSync(join(ROOT, file), "utf8");
    const turnedOn = toml.replace(/^# (\[limits\])\n# (cpu_ms = \d+)$/m, "$1\n$2");
    expect(turnedOn).not.toBe(toml);
    const folder = mkdtempSync(join(tmpdir(), "limits-"));
    try {
      const path = join(folder, "wrangler.toml");
      writeFileSync(path, turnedOn);
      const read: unknown = readWranglerConfig({ config: path }, { hideWarnings: true });
      expect(read).toMatchObject({
        observability: {
          enabled: true,
          redact_query_string: true,
          logs: { invocation_logs: false, head_sampling_rate: 1 },
        },
        limits: { cpu_ms: file.includes("control") ? 10_000 : 2000 },
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
