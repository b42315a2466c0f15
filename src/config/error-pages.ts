import { PROBLEMS } from "../lib/gateway-problems.ts";
import { readJson } from "../lib/json.ts";

/** Pages of one's own, HTML by the code of the problem; `default` is for codes without one. */
export type ErrorPages = Readonly<Record<string, string>>;

/** All pages together as JSON: a var of Cloudflare's is 5 KB at most. */
export const MAX_ERROR_PAGES_BYTES = 5 * 1024;

const PLACEHOLDERS = ["code", "status", "title", "requestId"];

/** What the var ERROR_PAGES says, a table or the same as JSON; a text where it is wrong, on what it must be. */
export function readErrorPages(written: unknown): ErrorPages | string {
  const table: unknown = typeof written === "string" ? readJson(written || "{}") : written;
  if (typeof table !== "object" || table === null || Array.isArray(table))
    return "be a table of HTML by code, or the same as JSON";
  const bytes = new TextEncoder().encode(JSON.stringify(table)).length;
  if (bytes > MAX_ERROR_PAGES_BYTES)
    return `have ${MAX_ERROR_PAGES_BYTES} bytes as JSON at most, not ${bytes}`;
  const pages: Record<string, string> = {};
  for (const [code, html] of Object.entries(table)) {
    if (code !== "default" && !Object.hasOwn(PROBLEMS, code))
      return `have "default" and codes of problems as its names, not "${code}"`;
    if (typeof html !== "string" || html === "") return `have HTML as "${code}"`;
    for (const [found, name = ""] of html.matchAll(/\{\{(.*?)\}\}/g))
      if (!PLACEHOLDERS.includes(name))
        return `have no placeholders but ${PLACEHOLDERS.join(", ")}: "${code}" has ${found}`;
    pages[code] = html;
  }
  return pages;
}
