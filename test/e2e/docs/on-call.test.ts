import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { folder } from "../../unit/cli/shell.ts";
import { codeIn, page, tableOf } from "../../unit/docs/markdown.ts";
import { examplesIn, pathWithSy, typeAll } from "../cli/console.ts";

const PAGE = page("docs/on-call.md");
const ALL_MS = 120_000;

let work: Awaited<ReturnType<typeof folder>>;
let demo: Demo;

beforeAll(async () => {
  [work, demo] = await Promise.all([folder(), startDemo()]);
});

afterAll(async () => {
  await Promise.all([demo?.stop(), work?.remove()]);
});

test(
  "every command of the page prints what the page says",
  async () => {
    const examples = examplesIn(PAGE);
    expect(examples.length).toBeGreaterThanOrEqual(12);
    const XDG_CONFIG_HOME = join(work.cwd, ".config");
    const env = { SY_URL: demo.control, PATH: await pathWithSy(work.cwd), XDG_CONFIG_HOME };
    await typeAll(examples, { cwd: work.cwd, env });
  },
  ALL_MS,
);

test("each symptom has a section, in order, and begins with a command that there is", () => {
  const { rows } = tableOf(PAGE, "symptom", "first command");
  const sections = [...PAGE.text.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  const linked = rows.map(([symptom = ""]) => /\(#([^)]+)\)/.exec(symptom)?.[1] ?? "");
  expect(linked.toSorted()).toEqual(sections.toSorted());
  for (const [, command = ""] of rows) {
    const [, name = ""] = /^sy (\w+)/.exec(codeIn(command)[0] ?? "") ?? [];
    expect(Object.keys(COMMANDS)).toContain(name);
  }
});

test("every command that is named between the lines is one of sy's", () => {
  const named = [...PAGE.text.matchAll(/\bsy ([a-z]+(?:-[a-z]+)?)\b/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !Object.hasOwn(COMMANDS, name))).toEqual([]);
});
