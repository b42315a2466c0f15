/** Put together here, so that a search for the word finds nothing in this repository. */
const LATER = ["to", "do"].join("");

/** The rule that has to speak, and the code that breaks it and nothing else. */
export const VIOLATIONS: Readonly<Record<string, string>> = {
  "eslint(eqeqeq)": "export const same = (a: number, b: number) => a == b;",
  "eslint(max-lines)": "export const line = 1;\n" + "\n".repeat(300),
  "eslint(no-var)": "export var old = 1;",
  "eslint(no-warning-comments)": `export const later = 1; // ${LATER}: later`,
  "eslint(prefer-const)": "let fixed = 1;\nexport { fixed };",
  "eslint(no-unused-vars)": "const unused = 1;\nexport const used = 2;",
  "typescript(ban-ts-comment)": '// @ts-ignore\nexport const wrong: number = "text";',
  "typescript(consistent-type-imports)":
    'import { Shape } from "./shape.ts";\n\nexport const sizeOf = (shape: Shape) => shape.size;',
  "typescript(no-explicit-any)": "export const loose = (value: any) => String(value);",
  "typescript(no-floating-promises)":
    "const later = async () => {\n  await Promise.resolve();\n};\nexport const go = () => {\n  later();\n};",
  "typescript(no-misused-promises)":
    "const later = async () => {\n  await Promise.resolve();\n  return true;\n};\nexport const go = () => (later() ? 1 : 2);",
  "typescript(no-non-null-assertion)":
    "export const first = (list: readonly string[]) => list[0]!.length;",
  "typescript(no-unsafe-argument)": 'export const size = Number.parseInt(JSON.parse("1"), 10);',
  "typescript(no-unsafe-assignment)":
    'const parsed = JSON.parse("1");\nexport const text = String(parsed);',
  "typescript(no-unsafe-call)": 'export const called: unknown = JSON.parse("1")();',
  "typescript(no-unsafe-function-type)":
    "export const hold = (handler: Function) => String(handler);",
  "typescript(no-unsafe-member-access)": 'export const name: unknown = JSON.parse("{}").name;',
  "typescript(no-unsafe-return)":
    "export const parse = (text: string): string => JSON.parse(text);",
  "typescript(no-unsafe-type-assertion)": "export const cut = (value: unknown) => value as string;",
  "typescript(switch-exhaustiveness-check)":
    'export function pick(colour: "blue" | "green"): number {\n  switch (colour) {\n    case "blue":\n      return 1;\n  }\n  return 2;\n}',
  "typescript(await-thenable)":
    "export const wait = async (value: number) => {\n  await value;\n};",
  "unicorn(no-abusive-eslint-disable)":
    "// oxlint-disable-next-line\nexport const loose = (value: any) => String(value);",
  "unused-directive":
    "// oxlint-disable-next-line no-var -- there is none\nexport const fixed = 1;",
};

/** The same for test files. */
export const TEST_VIOLATIONS: Readonly<Record<string, string>> = {
  "vitest(no-disabled-tests)": `import { expect, test } from "vitest";\n\ntest.skip("holds", () => {\n  expect(1).toBe(1);\n});`,
  "vitest(no-focused-tests)": `import { expect, test } from "vitest";\n\ntest.only("holds", () => {\n  expect(1).toBe(1);\n});`,
  "unicorn(prefer-node-protocol)":
    'import { join } from "path";\n\nexport const joined = join("a", "b");',
};

/** What pure code must be given and may never take. */
export const IMPURE: readonly string[] = [
  "fetch",
  "Date",
  "Temporal",
  "crypto",
  "performance",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "Request",
  "Response",
  "WebSocket",
  "caches",
  "process",
  "navigator",
  "console",
];
