import { expect, test } from "vitest";

import { COMMANDS } from "../../../src/cli/commands/index.ts";
import { codeIn, page, tableOf } from "./markdown.ts";

const PAGE = page("docs/on-call.md");

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
