import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A value that Prometheus found for a query, with its labels. */
export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface Prometheus {
  /** What a query finds now; rejects where Prometheus does not take it. */
  query(text: string): Promise<readonly Found[]>;
  /** Says of each target what its last scrape came to; empty for one that went well. */
  faults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

type Answer<T> =
  | { readonly status: "success"; readonly data: T }
  | { readonly status: "error"; readonly error: string };

/** Starts Prometheus, which scrapes a control plane each second. Rejects with what to install where there is none. */
export async function startPrometheus(target: string, token: string): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-prometheus-"));
  await writeFile(join(directory, "token"), token);
  await writeFile(
    join(directory, "prometheus.yml"),
    `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: switchyard
    authorization: { credentials_file: ${join(directory, "token")} }
    static_configs: [{ targets: ["${target}"] }]
`,
  );
  const child = spawn(
    "prometheus",
    [
      `--config.file=${join(directory, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(directory, "data")}`,
      "--web.listen-address=127.0.0.1:0",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let complained = "";
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      complained += chunk;
      if (complained.includes("Server is ready to receive web requests")) resolve();
    });
    child.once("error", (error) =>
      reject(new Error(`${String(error)}; sudo apt-get install prometheus`)),
    );
    child.once("exit", () => reject(new Error(`Prometheus did not start: ${complained}`)));
  });
  const port = Number(/msg="Listening on" address=\S+:(\d+)/.exec(complained)?.[1]);
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const answer = (await response.json()) as Answer<T>;
    if (answer.status === "error") throw new Error(answer.error);
    return answer.data;
  };
  return {
    async query(text) {
      const path = `query?${new URLSearchParams({ query: text }).toString()}`;
      return (await ask<{ readonly result: readonly Found[] }>(path)).result;
    },
    async faults() {
      const { activeTargets } = await ask<{
        readonly activeTargets: readonly { readonly health: string; readonly lastError: string }[];
      }>("targets");
      return activeTargets.map(({ health, lastError }) =>
        health === "up" ? "" : `${health} ${lastError}`,
      );
    },
    async close() {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      await rm(directory, { recursive: true, force: true });
    },
  };
}
