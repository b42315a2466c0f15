import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const ROOT = join(import.meta.dirname, "../../..");

/** A page of the documentation. */
export interface Page {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block. */
export interface Block {
  /** What stands behind the opening fence: `json policy`. */
  readonly info: string;
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** Heading it stands under. */
  readonly section: string;
}

/** A table; cells are trimmed, and code marks stay. */
export interface Table {
  readonly section: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function pagesOf(...patterns: string[]): Page[] {
  return globSync(patterns, { cwd: ROOT })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** Everything written for people: docs/, the front door, and the rules of the house. */
export const PAGES: readonly Page[] = pagesOf("docs/**/*.md", "README.md", "CONTRIBUTING.md");

/** One page by its path; throws where there is none. */
export function page(path: string): Page {
  const found = PAGES.find((one) => one.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

const HEADING = /^#{1,6} +(.+?)\s*$/;
const FENCE = /^```(.*)$/;

/** Fenced blocks in order, and the page without them, lines kept. */
function split({ text }: Page): { blocks: Block[]; prose: string } {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { info: string; line: number; lines: string[] } | undefined;
  let section = "";
  for (const [index, line] of text.split("\n").entries()) {
    const fence = FENCE.exec(line);
    if (open === undefined && fence === null) section = HEADING.exec(line)?.[1] ?? section;
    prose.push(open === undefined && fence === null ? line : "");
    if (open === undefined) {
      if (fence !== null) open = { info: fence[1] ?? "", line: index + 1, lines: [] };
    } else if (line === "```") {
      blocks.push({ info: open.info, text: open.lines.join("\n"), line: open.line, section });
      open = undefined;
    } else open.lines.push(line);
  }
  return { blocks, prose: prose.join("\n") };
}

/** The fenced blocks of a page, all or those with this info string. */
export function blocksOf(of: Page, info?: string): Block[] {
  return split(of).blocks.filter((block) => info === undefined || block.info === info);
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\s*\|/, "")
    .replace(/\|\s*$/, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll("\\|", "|").trim());
}

/** The tables of a page. */
export function tablesOf(of: Page): Table[] {
  const tables: Table[] = [];
  const lines = split(of).prose.split("\n");
  let section = "";
  for (let index = 0; index < lines.length; index += 1) {
    section = HEADING.exec(lines[index] ?? "")?.[1] ?? section;
    if (!/^\|[-| :]+\|$/.test(lines[index + 1] ?? "")) continue;
    const header = cellsOf(lines[index] ?? "");
    const rows: string[][] = [];
    for (index += 2; (lines[index] ?? "").startsWith("|"); index += 1)
      rows.push(cellsOf(lines[index] ?? ""));
    tables.push({ section, header, rows });
  }
  return tables;
}

/** The table whose header begins with these cells; throws where there is none. */
export function tableOf(of: Page, ...header: string[]): Table {
  const found = tablesOf(of).find((table) =>
    header.every((cell, index) => table.header[index] === cell),
  );
  if (found === undefined) throw new Error(`${of.path} has no table ${header.join(" | ")}`);
  return found;
}

/** The targets of a page's links, outside code. */
export function linksOf(of: Page): string[] {
  const prose = split(of).prose.replaceAll(/`[^`]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? "");
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(of: Page): string[] {
  const seen = new Map<string, number>();
  return split(of)
    .prose.split("\n")
    .flatMap((line) => {
      const heading = HEADING.exec(line)?.[1];
      if (heading === undefined) return [];
      const slug = heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(/\s/g, "-");
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return [times === 0 ? slug : `${slug}-${times}`];
    });
}

/** All that stands in code marks in a cell or a line. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");
}

/** A number as the docs write it: `2 592 000`. */
export function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, " ");
}
