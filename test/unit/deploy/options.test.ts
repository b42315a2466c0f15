import { expect, test } from "vitest";

import { readOptions } from "../../../.ci/deploy/options.ts";

const order = (...args: string[]) => {
  const options = readOptions(args);
  return options.kind === "deploy" ? options.order : options;
};

test("control goes first, and last on the way back", () => {
  expect(order()).toEqual(["control", "gateway"]);
  expect(order("--back")).toEqual(["gateway", "control"]);
  expect(order("--only", "gateway")).toEqual(["gateway"]);
  expect(order("--only", "control", "--back")).toEqual(["control"]);
});

test("the rest is taken as it is given", () => {
  expect(readOptions(["--kv", "abc", "--dry-run"])).toMatchObject({ kv: "abc", dryRun: true });
  expect(readOptions([])).toMatchObject({ kv: undefined, snapshot: undefined, dryRun: false });
  expect(readOptions(["--snapshot", "s.txt"])).toMatchObject({ snapshot: "s.txt" });
  expect(readOptions(["--help"])).toEqual({ kind: "help" });
});

test("an environment has a name that a Worker may have, and production has none", () => {
  expect(readOptions(["--env", "pre-prod"])).toMatchObject({ env: "pre-prod" });
  expect(readOptions(["--env", "a".repeat(32)])).toMatchObject({ kind: "deploy" });
  for (const name of ["", "production", "Staging", "a_b", "-a", "a-", "a".repeat(33)])
    expect(readOptions([`--env=${name}`])).toMatchObject({ kind: "wrong" });
});

test.each([
  [["--only", "both"], '--only must be control or gateway, not "both".'],
  [["--only", "constructor"], '--only must be control or gateway, not "constructor".'],
  [["--snapshot", "s.json"], '--snapshot must end in .txt, not "s.json".'],
  [["--plan", "paid"], '--plan must be free, not "paid".'],
  [
    ["--hub-location", "mars"],
    '--hub-location must be one of wnam, enam, sam, weur, eeur, apac, oc, afr, me, not "mars".',
  ],
  [["--forward"], "Unknown option '--forward'."],
  [["gateway"], "Unexpected argument 'gateway'."],
])("%j is refused in one line", (args, reason) => {
  const message = `${reason} See: npm run deploy -- --help`;
  expect(readOptions(args)).toEqual({ kind: "wrong", message });
});
