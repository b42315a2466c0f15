import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startBackends, type Backends } from "./backends.ts";
import { readCases, type Test } from "./cases.ts";
import { imported } from "./objects.ts";
import { OWN } from "./own-cases.ts";
import { pageOf, type Judged, type Verdict } from "./page.ts";
import { unsaidIn } from "./purpose.ts";
import { runTest } from "./run.ts";

/** Gateways at a time: one waits for a slow backend while another works. */
const LANES = 4;

const PAGE = new URL("../../../docs/gateway-api.md", import.meta.url);

const cases = readCases();
const verdicts = new Map<string, Verdict>();
let backends: Backends;

/** Whether the importer refused a test's routes for what cannot be said, and for nothing else. */
async function verdictOf(one: Test): Promise<Verdict> {
  const { policies, reports } = imported(one, cases.backends);
  const errors = reports.filter(({ level }) => level === "error");
  const unsaid = unsaidIn(one, cases.backends);
  if (unsaid.length === 0 && errors.length === 0) {
    const { faults } = await runTest(one, policies, backends);
    const told = faults.flatMap((each, index) => each.map((fault) => `request ${index}: ${fault}`));
    return told.length === 0 ? { kind: "holds" } : { kind: "fails", faults: told };
  }
  const isMeant = ({ object, field }: (typeof errors)[number]) =>
    unsaid.some((meant) => meant.object === object && field.startsWith(meant.field));
  const faults = [
    ...errors
      .filter((error) => !isMeant(error))
      .map((error) => `refused: ${JSON.stringify(error)}`),
    ...unsaid
      .filter((meant) => !errors.some(({ field }) => field.startsWith(meant.field)))
      .map(({ field }) => `${field} was imported`),
  ];
  if (faults.length > 0) return { kind: "fails", faults };
  return { kind: "refused", why: [...new Set(unsaid.map(({ why }) => why))] };
}

beforeAll(async () => {
  backends = await startBackends();
  const left = [...cases.tests, ...OWN];
  async function lane(): Promise<void> {
    for (let one = left.shift(); one !== undefined; one = left.shift())
      verdicts.set(
        one.name,
        await verdictOf(one).catch((error: unknown) => ({
          kind: "fails",
          faults: [String(error)],
        })),
      );
  }
  await Promise.all(Array.from({ length: LANES }, lane));
});
afterAll(() => backends?.close());

describe("HTTPRoute conformance", () => {
  test.each([...cases.tests, ...OWN])("$name", ({ name }) => {
    const verdict = verdicts.get(name);
    expect(verdict).toBeDefined();
    expect(verdict?.kind === "fails" ? verdict.faults : []).toEqual([]);
  });
});

// With SY_WRITE=documents the page is written first.
test("docs/gateway-api.md says what came out", () => {
  const judged = (tests: readonly Test[]): Judged[] =>
    tests.flatMap((one) => {
      const verdict = verdicts.get(one.name);
      return verdict === undefined ? [] : [{ test: one, verdict }];
    });
  const page = pageOf(cases, judged(cases.tests), judged(OWN));
  if (process.env["SY_WRITE"] === "documents") writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, "utf8")).toBe(page);
});
