import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

import { importManifests } from "../../../src/import/manifests.ts";
import type { Report } from "../../../src/import/report.ts";
import { faultsOf, type Probe } from "./probes.ts";

/** Manifests of others' making, with what each must come to; its README says how they are judged. */
const FOLDER = resolve(import.meta.dirname, "../../vectors/gateway-api/manifests");

interface Case {
  readonly backends: Readonly<Record<string, string>>;
  readonly policies: Readonly<Record<string, unknown>>;
  readonly probes: readonly Probe[];
  readonly reports: readonly Omit<Report, "message">[];
}

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.replace(/\.yaml$/, ""));

/** What names a field beside its whole path: the rule that it stands in, and its last word. */
function named(field: string): string {
  const annotation = /\["([^"]+)"\]$/.exec(field)?.[1];
  if (annotation !== undefined) return annotation;
  const rule = /\brules\[\d+\]/.exec(field)?.[0] ?? "";
  return `${rule} ${/[^.[\]]+(?:\[\d+\])?$/.exec(field)?.[0] ?? ""}`;
}

const fits = (made: Omit<Report, "message">, wanted: Omit<Report, "message">): boolean =>
  made.level === wanted.level &&
  made.object === wanted.object &&
  (made.field === wanted.field || named(made.field) === named(wanted.field));

const textOf = (file: string): string => readFileSync(resolve(FOLDER, file), "utf8");

test.each(["httproute-", "ingress-nginx-"])("there are manifests %s…", (kind) => {
  expect(names.filter((name) => name.startsWith(kind))).not.toEqual([]);
});

describe.each(names)("%s", (name) => {
  const wanted = JSON.parse(textOf(`${name}.json`)) as Case;
  const documents = parseAllDocuments(textOf(`${name}.yaml`)).map((one) => one.toJS() as unknown);
  const imported = importManifests(documents, new Map(Object.entries(wanted.backends)));

  test("reports what it must, and no other error", () => {
    const unmade = wanted.reports.filter(
      (one) => !imported.reports.some((made) => fits(made, one)),
    );
    const others = imported.reports.filter(
      (made) => made.level === "error" && !wanted.reports.some((one) => fits(made, one)),
    );
    expect({ unmade, others }).toEqual({ unmade: [], others: [] });
  });

  test("makes policies of the same keys", () => {
    expect(new Set(Object.keys(imported.policies))).toEqual(new Set(Object.keys(wanted.policies)));
  });

  test.each(wanted.probes)("the imported policies hold for %j", async (probe) => {
    expect(await faultsOf(imported.policies, probe)).toEqual([]);
  });

  test.each(wanted.probes)("so do those given with the manifest: %j", async (probe) => {
    expect(await faultsOf(wanted.policies, probe)).toEqual([]);
  });
});
