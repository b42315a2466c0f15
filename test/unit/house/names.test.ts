import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";

import { ACTIONS } from "../../../src/policy/actions/index.ts";
import { CONDITIONS } from "../../../src/policy/conditions/index.ts";
import { FIELDS } from "../../../src/policy/fields/index.ts";
import { PREDICATES } from "../../../src/policy/predicates/index.ts";
import { STRATEGIES } from "../../../src/policy/strategies/index.ts";

const SRC = resolve(import.meta.dirname, "../../../src");

interface Kind {
  readonly kind: string;
  readonly names: object;
  /** Files, below `src/`, where a member's name may be compared with, each with its reason. */
  readonly known: readonly RegExp[];
}

const KINDS: readonly Kind[] = [
  {
    kind: "strategy",
    names: STRATEGIES,
    known: [
      // Its definition.
      /^policy\/strategies\//,
      // Each action is for one strategy, and says which.
      /^policy\/actions\//,
      // What is done with a request is called like the strategies that end at the gateway: kinds of an outcome.
      /^policy\/check-loops\.ts$/,
      /^decide\/explain\.ts$/,
      /^preview\/preview-path\.ts$/,
      /^gateway\/handle\.ts$/,
      /^gateway\/respond\/end\.ts$/,
    ],
  },
  {
    kind: "condition",
    names: CONDITIONS,
    known: [
      /^policy\/conditions\//,
      // Whether a redirect leads back to itself is told from paths alone.
      /^policy\/check-loops\.ts$/,
      // Names of other things: where an identity comes from (`cookie`, `header`, `query`) …
      /^policy\/fields\/sticky\.ts$/,
      /^policy\/warning-list\.ts$/,
      /^policy\/idle-fields\.ts$/,
      /^decide\/identity\.ts$/,
      /^preview\/synthetic\.ts$/,
      // … fields of a request …
      /^decide\/request-description\.ts$/,
      /^lib\/combined-fields\.ts$/,
      /^gateway\/cache\/(?:key|passes-by)\.ts$/,
      // … attributes of a cookie, places of a parameter, kinds of a key …
      /^gateway\/respond\/origin-cookies\.ts$/,
      /^api\/openapi\/openapi\.ts$/,
      /^config\/vars\.ts$/,
      // … and the reason `bot`.
      /^gateway\/respond\/respond\.ts$/,
    ],
  },
  {
    kind: "field",
    names: FIELDS,
    known: [
      /^policy\/fields\//,
      // The rules' budget is of what is tried before a policy inside a rule.
      /^policy\/search-budget\.ts$/,
      // Which rules are tried before a redirect is reached.
      /^policy\/check-loops\.ts$/,
      // Which fields do nothing where they stand is a table by name: a field may be left out of it.
      /^policy\/idle-fields\.ts$/,
      // The reason `override`.
      /^gateway\/respond\/respond\.ts$/,
      /^gateway\/cache\/passes-by\.ts$/,
    ],
  },
  { kind: "predicate", names: PREDICATES, known: [/^policy\/predicates\//] },
  {
    kind: "action",
    names: ACTIONS,
    known: [
      /^policy\/actions\//,
      // What goes back has to look further back in the history.
      /^ledger\/core\.ts$/,
    ],
  },
];

/** All but `import`: other people's formats have words of their own, of which many are spelled like ours. */
const files = globSync("**/*.ts", { cwd: SRC })
  .filter((file) => !file.startsWith("import/"))
  .map((file) => ({ file, text: readFileSync(resolve(SRC, file), "utf8") }));

/** The files in which a name is compared with, searched for, or a case of a switch. */
function comparing(names: object): string[] {
  const any = `"(?:${Object.keys(names).join("|")})"`;
  const compared = new RegExp(
    `(?:[!=]==? |\\bcase |\\b(?:includes|has)\\()${any}|\\bhasOwn\\([^)]*${any}|${any} [!=]==? `,
  );
  return files.filter(({ text }) => compared.test(text)).map(({ file }) => file);
}

describe.each(KINDS)(
  "no file but its own tells one $kind from another by name:",
  ({ names, known }) => {
    const found = comparing(names);

    test("none does", () => {
      expect(found.filter((file) => !known.some((one) => one.test(file)))).toEqual([]);
    });

    test.each(known)("%s is still excepted for a reason", (one) => {
      const isFolder = one.source.endsWith("\\/");
      expect(isFolder || found.some((file) => one.test(file))).toBe(true);
    });
  },
);

test("the search sees every way to tell members apart", () => {
  const ways = [
    'strategy === "canary"',
    'case "canary":',
    '["canary"].includes("canary")',
    '"canary" === strategy',
    'Object.hasOwn(all, "canary")',
    'seen.has("canary")',
  ];
  for (const text of ways) {
    files.push({ file: "probe.ts", text });
    expect([text, ...comparing(STRATEGIES)]).toContain("probe.ts");
    files.pop();
  }
});
