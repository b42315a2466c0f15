import type { Issue } from "../lib/issue.ts";
import { isPolicySecret } from "../lib/secret-name.ts";
import { message } from "../lib/strict-object.ts";
import { issueAt, isFields, pathOf, siteOf, type Site } from "./check-report.ts";

/** A value on the way through a policy, with the way that leads to it. */
interface Visited {
  readonly value: unknown;
  readonly site: Site;
}

const namesIn = (value: unknown): string[] =>
  typeof value === "object" && value !== null ? Object.keys(value) : [];

/** The header edits in a policy that has passed its schema whose values are secrets, in the order they are written. */
function* secretsIn(policy: unknown): Generator<{ readonly name: string; readonly site: Site }> {
  const waiting: Visited[] = [{ value: policy, site: siteOf(undefined, []) }];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const { value, site } = item;
    const [edit] = site.above?.steps ?? [];
    const name = isFields(value) ? value["secret"] : undefined;
    const isEdit = edit === "set" || edit === "add";
    if (isEdit && typeof name === "string" && isPolicySecret(name)) yield { name, site };
    for (const key of namesIn(value).toReversed()) {
      const step = Array.isArray(value) ? Number(key) : key;
      waiting.push({ value: Reflect.get(Object(value), key), site: siteOf(site, [step]) });
    }
  }
}

/**
 * What somebody should know who names secrets: which ones only the gateway can tell of, and that a
 * visitor may read what is put into an answer. Of each secret its first place is told.
 */
export function* secretWarnings(policy: unknown): Generator<Issue> {
  const [told, shown] = [new Set<string>(), new Set<string>()];
  for (const { name, site } of secretsIn(policy)) {
    if (!told.has(name))
      yield issueAt(
        pathOf(site),
        message(
          `"${name}" is a secret of the gateway's, and nobody here can see whether it is there: without it the header is left out`,
          `see to it before this is live: npx wrangler secret put ${name}`,
        ),
      );
    told.add(name);
    const isResponse = site.above?.above?.steps[0] === "response";
    if (isResponse && !shown.has(name))
      yield issueAt(
        pathOf(site),
        message(
          `every visitor may read the secret "${name}" here: it stands in an answer`,
          "put it into a request, or write the value itself where it is none",
        ),
      );
    if (isResponse) shown.add(name);
  }
}
