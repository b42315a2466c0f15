import { expect, test } from "vitest";

import { csvLine } from "../../../../src/cli/text/csv.ts";
import { intervalBar } from "../../../../src/cli/text/interval.ts";
import { sparkline } from "../../../../src/cli/text/sparkline.ts";
import { wrapped } from "../../../../src/cli/text/wrap.ts";

test.each([
  [[], ""],
  [[0, 0], "▁▁"],
  [[0, 1, 1000], "▁▂█"],
  [[5, 5, 5], "███"],
  [[1, 2, 3, 4, 5, 6, 7], "▂▃▄▅▆▇█"],
  [[9, 9, 9, 0, 4, 8, 2, 6, 1, 3], "▁▅█▃▆▂▄"],
])("a sparkline of %j, 7 wide", (values, line) => {
  expect(sparkline(values, 7)).toBe(line);
});

test.each([
  ["above zero", { difference: 0.5, low: 0.25, high: 0.75 }, "    │─●─ "],
  ["below zero", { difference: -0.75, low: -1, high: -0.5 }, "─●─ │    "],
  ["around zero", { difference: -0.25, low: -0.5, high: 0.25 }, "  ─●┼─   "],
  ["at zero", { difference: 0, low: -0.25, high: 0.25 }, "   ─●─   "],
  ["beyond the scale", { difference: 0.25, low: -9, high: 9 }, "◂───┼●──▸"],
  ["far beyond it", { difference: 9, low: 8, high: 10 }, "    │   ●"],
])("an interval %s, 9 wide", (_where, interval, line) => {
  expect(intervalBar(interval, 1, 9)).toBe(line);
});

test("an interval without a scale is a point at zero", () => {
  expect(intervalBar({ difference: 0, low: 0, high: 0 }, 0, 5)).toBe("  ●  ");
});

test.each([
  ["", 5, [""]],
  ["one two", 7, ["one two"]],
  ["one two", 6, ["one", "two"]],
  ["a abcdefgh b", 5, ["a", "abcdefgh", "b"]],
  ["a\u001B[2Jb", 80, ["a\uFFFD[2Jb"]],
])("%j wrapped at %d", (text, width, lines) => {
  expect(wrapped(text, width)).toEqual(lines);
});

test.each([
  [["plain", 1.5, true], "plain,1.5,true"],
  [['says "yes"', "a,b", " spaced"], '"says ""yes""","a,b"," spaced"'],
  [["=1+1", "+1", "-1", "@x", "＝1"], "'=1+1,'+1,'-1,'@x,'＝1"],
  [['=HYPERLINK("http://x","y")'], `"'=HYPERLINK(""http://x"",""y"")"`],
  [["a\r\nb\u001B[2J", "\t=1"], "a\uFFFD\uFFFDb\uFFFD[2J,\uFFFD=1"],
  [[""], ""],
])("a line of CSV of %j", (cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});
