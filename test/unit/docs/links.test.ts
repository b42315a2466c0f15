import { existsSync } from "node:fs";
import { join, posix } from "node:path";

import { expect, test } from "vitest";

import { anchorsOf, linksOf, page, PAGES, ROOT } from "./markdown.ts";

interface Link {
  readonly from: string;
  readonly target: string;
  /** The file it means, from the root. */
  readonly file: string;
  readonly anchor: string | undefined;
}

const links: Link[] = PAGES.flatMap((one) =>
  linksOf(one)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? one.path : posix.join(posix.dirname(one.path), path);
      return { from: one.path, target, file, anchor };
    }),
);
const told = ({ from, target }: Link) => `${from}: ${target}`;

test("links between pages are relative, and there are many", () => {
  expect(links.filter(({ target }) => target.startsWith("/")).map(told)).toEqual([]);
  expect(links.length).toBeGreaterThan(20);
});

test("every link leads to something that exists", () => {
  const broken = links.filter(({ file }) => !existsSync(join(ROOT, file)));
  expect(broken.map(told)).toEqual([]);
});

test("every anchor is a heading of the page it names", () => {
  const broken = links.filter(
    ({ file, anchor }) =>
      anchor !== undefined &&
      existsSync(join(ROOT, file)) &&
      !anchorsOf(page(file)).includes(anchor),
  );
  expect(broken.map(told)).toEqual([]);
});

test("every page of docs/ is linked from another one; docs/README.md is the place", () => {
  const linked = new Set(links.map(({ file }) => file.replace(/\/$/, "")));
  const isLinked = (path: string) => linked.has(path) || linked.has(posix.dirname(path));
  const orphans = PAGES.filter(({ path }) => path.startsWith("docs/") && !isLinked(path));
  expect(orphans.map(({ path }) => path)).toEqual([]);
});
