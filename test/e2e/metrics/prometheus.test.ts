import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_TOKEN } from "../../../src/cli/access/token.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { dashboardQueries } from "./dashboard.ts";
import { startPrometheus, type Prometheus } from "./prometheus.ts";

const run = promisify(execFile);

const EXAMPLES = join(import.meta.dirname, "../../../docs/examples/prometheus");

describe("what Prometheus makes of the control plane's metrics", () => {
  let demo: Demo;
  let prometheus: Prometheus;

  beforeAll(async () => {
    demo = await startDemo(["npm", "start", "--", "--port", "0"]);
    prometheus = await startPrometheus(`127.0.0.1:${demo.controlPort}`, DEMO_TOKEN);
  });

  afterAll(async () => {
    await prometheus.close();
    await demo.stop();
  });

  const scrape = async (accept: string) => {
    const headers = { authorization: `Bearer ${DEMO_TOKEN}`, accept };
    const response = await fetch(`${demo.control}/metrics`, { headers });
    expect(response.status).toBe(200);
    return { type: response.headers.get("content-type"), text: await response.text() };
  };

  test("it scrapes them as OpenMetrics without a fault", async () => {
    const told = async () => (await prometheus.query('up{job="switchyard"}'))[0]?.value[1];
    await expect.poll(told).toBe("1");
    expect(await prometheus.faults()).toEqual([""]);
    const { type } = await scrape("application/openmetrics-text;version=1.0.0");
    expect(type).toContain("application/openmetrics-text; version=1.0.0");
  });

  test("promtool finds nothing to say about the older format", async () => {
    const counted = async () => (await scrape("text/plain")).text;
    await expect.poll(counted).toMatch(/^switchyard_requests_total\{route="ab\.localhost"/m);
    const directory = await mkdtemp(join(tmpdir(), "switchyard-promtool-"));
    await writeFile(join(directory, "metrics"), await counted());
    const { stderr } = await run("sh", ["-c", `promtool check metrics < ${directory}/metrics`]);
    expect(stderr).toBe("");
    await rm(directory, { recursive: true });
  });

  test("each query of the dashboard finds something, with the labels that it names", async () => {
    const queries = await dashboardQueries();
    expect(queries.length).toBeGreaterThan(10);
    for (const { panel, text } of queries) {
      const found = async () => (await prometheus.query(text)).length;
      await expect.poll(found, { message: `${panel}: ${text}` }).toBeGreaterThan(0);
    }
    const shares = await prometheus.query('switchyard_share_ratio{route="ab.localhost"}');
    const byVariant = shares.map(({ metric, value }) => [metric["variant"], value[1]]);
    expect(Object.fromEntries(byVariant)).toEqual({ control: "0.5", bold: "0.3", calm: "0.2" });
  });

  test("a guard is in one of its states, and each of its checks has a limit", async () => {
    const of = 'route="guarded.localhost"';
    const states = async () =>
      (await prometheus.query(`sum by (route) (switchyard_guard_state{${of}})`))[0]?.value[1];
    await expect.poll(states).toBe("1");
    const limits = await prometheus.query(`switchyard_guard_check_limit{${of}}`);
    const byLimit = limits.map(({ metric, value }) => [metric["limits"], value[1]]);
    expect(Object.fromEntries(byLimit)).toEqual({ maxIncrease: "1", max: "5" });
  });

  test("requests are counted once each", async () => {
    const total = async () =>
      Number(
        (await prometheus.query('sum(switchyard_requests_total{route="canary.localhost"})'))[0]
          ?.value[1] ?? 0,
      );
    await expect.poll(total).toBeGreaterThan(0);
  });

  test("the examples' rules and configuration are good, and their alerts go off when they should", async () => {
    const directory = await mkdtemp(join(tmpdir(), "switchyard-rules-"));
    for (const name of ["prometheus.yml", "alerts.yml", "alerts.test.yml"])
      await copyFile(join(EXAMPLES, name), join(directory, name));
    await writeFile(join(directory, "token"), DEMO_TOKEN);
    const promtool = async (...args: string[]) =>
      (await run("promtool", args, { cwd: directory })).stdout;
    expect(await promtool("check", "config", "prometheus.yml")).toContain("SUCCESS");
    expect(await promtool("test", "rules", "alerts.test.yml")).toContain("SUCCESS");
    await rm(directory, { recursive: true });
  });
});
