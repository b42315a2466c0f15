import * as v from "valibot";

import { issuesOf } from "../lib/strict-object.ts";
import { shownIssues } from "../lib/issue.ts";
import { MAX_JSON_DEPTH } from "../policy/limits.ts";
import { MAX_BODY_BYTES } from "../api/limits.ts";
import { ApiError } from "./api-error.ts";
import { repeatedNames } from "./repeated-names.ts";

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** The text of a body, or a refusal as soon as it grows larger than `most` bytes. */
export async function readText(request: Request, most = MAX_BODY_BYTES): Promise<string> {
  const tooLarge = () => new ApiError("body-too-large", `at most ${most} bytes`);
  if (Number(request.headers.get("content-length") ?? 0) > most) throw tooLarge();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let bytes = 0;
  let text = "";
  try {
    const body: ReadableStream<Uint8Array> | null = request.body;
    for await (const chunk of body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > most) throw tooLarge();
      text += decoder.decode(chunk, { stream: true });
    }
    text += decoder.decode();
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError("body-invalid", "the body is not UTF-8");
  }
  if (text !== "" && !JSON_TYPE.test(request.headers.get("content-type") ?? ""))
    throw new ApiError("unsupported-media-type");
  return text;
}

/** Whether brackets stand deeper in one another than any policy's do, so that no text can exhaust the stack. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === "\\") at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    // The policy stands one level down in most bodies.
    if (depth > MAX_JSON_DEPTH + 1) return true;
  }
  return false;
}

/** Holds a value against a schema; refuses with what is wrong, each issue with its path. */
export function demand<TSchema extends v.GenericSchema>(
  schema: TSchema,
  value: unknown,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw new ApiError("body-invalid", undefined, { issues: shownIssues(issuesOf(result.issues)) });
}

/** JSON from a body's text; an absent body is an empty object. Refuses what says a name twice. */
export function parseBody(text: string): unknown {
  if (text === "") return {};
  if (isTooDeep(text))
    throw new ApiError("body-invalid", `the body is nested more than ${MAX_JSON_DEPTH} deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError("body-invalid", "the body is not JSON");
  }
  const issues = shownIssues(repeatedNames(text));
  if (issues.length > 0) throw new ApiError("body-invalid", undefined, { issues });
  return value;
}
