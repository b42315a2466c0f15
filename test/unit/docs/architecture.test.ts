import { describe, expect, test } from "vitest";

import { mayImport, roomOf, ROOMS } from "../house/arrows.ts";
import { codeIn, page, PAGES, tableOf } from "./markdown.ts";

const architecture = page("docs/architecture.md");

describe("the rooms of the architecture are those of the linter:", () => {
  const rows = tableOf(architecture, "room").rows.map(([folder = "", , imports = ""]) => ({
    room: roomOf((codeIn(folder)[0] ?? "").replace("src/", "")),
    imports: codeIn(imports),
  }));

  test("all of them", () => {
    expect(rows.map(({ room }) => room).toSorted()).toEqual(ROOMS.toSorted());
  });

  test.each(rows)("$room", ({ room, imports }) => {
    const allowed = ROOMS.filter((other) => other !== room && mayImport(room, other));
    expect(imports.toSorted()).toEqual(allowed.toSorted());
  });
});

test("each decision is listed under its number and title", () => {
  const decisions = PAGES.filter(({ path }) => path.startsWith("docs/decisions/"));
  const lines = decisions.map(({ path, text }) => {
    const [, number = "", title = ""] = /^# (\d+)\. (.+)/.exec(text) ?? [];
    return `${number}. [${title}](${path.replace("docs/", "")})`;
  });
  expect(lines.length).toBeGreaterThan(8);
  for (const line of lines) expect(architecture.text).toContain(line);
});
