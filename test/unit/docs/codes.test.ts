import { expect, test } from "vitest";

import { REASONS, type OverrideFault } from "../../../src/policy/reason.ts";
import { PROBLEMS } from "../../../src/lib/gateway-problems.ts";
import { codeIn, page, tableOf } from "./markdown.ts";

const reference = page("docs/policy.md");
const column = (header: string, index = 0) =>
  tableOf(reference, header).rows.map((row) => row[index] ?? "");
const codes = (header: string) => column(header).flatMap(codeIn);

/** A record, so that the compiler misses a fault that is not here. */
const FAULTS: Readonly<Record<OverrideFault, true>> = {
  expired: true,
  forged: true,
  "other-route": true,
  "other-environment": true,
  "unknown-variant": true,
  "switched-off": true,
  "no-secret": true,
};

test("the reference lists the reasons of the code, in the order of decision", () => {
  expect(codes("reason")).toEqual([...REASONS]);
});

test("the reference lists the problems of the code, with their status", () => {
  const told = codes("code").map((code, index) => [code, Number(column("code", 1)[index])]);
  const known = Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]);
  expect(told).toHaveLength(known.length);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(known));
});

test("the reference lists why an override may not be followed", () => {
  expect(codes("override").toSorted()).toEqual(Object.keys(FAULTS).toSorted());
});
