import { beforeAll, describe, expect, it } from "vitest";
import {
  MAX_METRICS_POINTS,
  MAX_METRICS_WINDOW_SECONDS,
  MINUTES_KEPT_SECONDS,
} from "../../../../src/api/limits.ts";
import { A, api, create, testEnv } from "../api.ts";

const KEY = "quiet-metrics";

beforeAll(async () => {
  await create(KEY, A);
});

const ask = async (query: string) => api("GET", `/routes/${KEY}/metrics${query}`);

/** The window (s) and the step that the answer is of. */
async function answered(query: string): Promise<readonly unknown[]> {
  const { status, body } = await ask(query);
  expect(`${status} ${JSON.stringify(body)}`).toMatch(/^200 /);
  const seconds = (Date.parse(body["to"] as string) - Date.parse(body["from"] as string)) / 1000;
  return [Math.round(seconds / 60) * 60, body["step"]];
}

describe("the metrics of a route", () => {
  it.each([
    ["", 3600, 60],
    ["?window=60", 60, 60],
    ["?window=600&step=600", 600, 600],
    [`?window=${MINUTES_KEPT_SECONDS}&step=60`, MINUTES_KEPT_SECONDS, 60],
    [`?window=${MINUTES_KEPT_SECONDS + 3600}`, MINUTES_KEPT_SECONDS + 3600, 3600],
    [`?window=${MAX_METRICS_WINDOW_SECONDS}`, MAX_METRICS_WINDOW_SECONDS, 7200],
    [`?window=${MAX_METRICS_POINTS * 3600}&step=3600`, MAX_METRICS_POINTS * 3600, 3600],
  ])("answer %j for %d seconds in steps of %d", async (query, window, step) => {
    const [of, by] = await answered(query);
    expect(by).toBe(step);
    expect(Math.abs((of as number) - window)).toBeLessThanOrEqual(step);
  });

  it("are the hub's alone where it knows the route, and of any other the ledger says whether there is one", async () => {
    const env = { ...testEnv };
    delete env.LEDGER;
    for (const what of ["metrics", "results"]) {
      const quiet = await api("GET", `/routes/${KEY}/${what}`, { env });
      expect(`${what} ${quiet.status}`).toBe(`${what} 200`);
      expect((await api("GET", `/routes/never-${what}/${what}`, { env })).status).toBe(503);
      expect((await api("GET", `/routes/never-${what}/${what}`)).status).toBe(404);
    }
    const { body } = await ask("");
    expect(body).toMatchObject({ version: 1, reportedAt: null, series: [] });
  });

  it.each([
    ["?window=59", '"window" must be a whole number from 60'],
    [`?window=${MAX_METRICS_WINDOW_SECONDS + 1}`, `to ${MAX_METRICS_WINDOW_SECONDS}`],
    ["?window=", '"window" must be a whole number'],
    ["?window=1e3", '"window" must be a whole number'],
    ["?window=-3600", '"window" must be a whole number'],
    ["?step=0", '"step" must be a whole number from 1'],
    ["?step=90", "write for example step=60"],
    [`?window=${MINUTES_KEPT_SECONDS + 1}&step=60`, '"step" must be a multiple of 3600'],
    ["?window=600&step=660", "write for example window=660"],
    [`?window=${MAX_METRICS_POINTS * 3600 + 1}&step=3600`, "write for example step=7200"],
  ])("refuse %j and say what to write", async (query, told) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(body["code"]).toBe("query-invalid");
    expect(body["detail"]).toContain(told);
  });
});
