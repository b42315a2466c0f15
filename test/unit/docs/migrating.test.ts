import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

import { importManifests } from "../../../src/import/manifests.ts";
import type { Imported } from "../../../src/import/policies.ts";
import { importRedirects } from "../../../src/import/redirects/redirects.ts";
import { gatewayWith } from "../import/asked.ts";
import { blocksOf, page, tablesOf, type Block } from "./markdown.ts";

const PAGE = page("docs/migrating.md");

/** The whole page names `https://NAME.origin.example` as the origin of a backend `NAME`. */
const ORIGINS = new (class extends Map<string, string> {
  override get(name: string): string {
    return `https://${name.replace(/^.*\/|:\d+$/g, "")}.origin.example`;
  }
})();

function importedFrom({ info, text }: Block): Imported {
  if (info === "text import")
    return importRedirects(text, { key: "www.example.com", backends: ORIGINS });
  const documents = parseAllDocuments(text).map((one) => one.toJS() as unknown);
  return importManifests(documents, ORIGINS);
}

const examples = blocksOf(PAGE).flatMap((block, index, blocks) =>
  block.info.endsWith(" import") ? [{ ...block, next: blocks[index + 1] }] : [],
);

const isTerms = (section: string): boolean => !section.startsWith("Coming");

test("each section has a table of terms, and an example", () => {
  const tables = tablesOf(PAGE);
  const sections = [...new Set(tables.map(({ section }) => section))].filter(isTerms);
  expect(sections).toHaveLength(6);
  for (const section of sections) {
    const terms = tables.find((one) => one.section === section);
    expect([section, terms?.header[1]]).toEqual([section, "here"]);
    const shown = blocksOf(PAGE).filter((block) => block.section === section);
    expect(shown.some(({ info }) => info.startsWith("json polic"))).toBe(true);
  }
});

describe.each(examples)("the import at line $line", (example) => {
  const { policies, reports } = importedFrom(example);

  test("says nothing is lost", () => {
    expect(reports).toEqual([]);
  });

  test("makes the policies that the page shows", () => {
    expect(example.next?.info).toBe("json policies");
    expect(policies).toEqual(JSON.parse(example.next?.text ?? "null"));
  });

  const asked = tablesOf(PAGE)
    .filter(({ section, header }) => section === example.section && header[0] === "asked")
    .flatMap(({ rows }) => rows);

  test.each(asked)("answers %s with %s as the page says: %s", async (url, header, where) => {
    const { protocol, host, pathname, search } = new URL(url.replaceAll("`", ""));
    const [, name, value] = /`(.*): (.*)`/.exec(header) ?? [];
    const answer = await gatewayWith(policies)({
      host,
      path: pathname + search,
      scheme: protocol === "https:" ? "https" : "http",
      headers: name === undefined || value === undefined ? {} : { [name]: value },
    });
    expect(answer.forwarded?.origin ?? String(answer.status)).toBe(where.replaceAll("`", ""));
  });
});
