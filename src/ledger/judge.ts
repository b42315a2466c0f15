import { MAX_POLICY_BYTES } from "../api/limits.ts";
import { ok, refused, type Result } from "../lib/result.ts";
import type { CheckOptions } from "../policy/check.ts";
import { parse, parseValue } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import type { EditError } from "./edit-types.ts";

type Which = Extract<EditError, { code: "policy-refused" }>["which"];

/** A policy that passed, as KV gets it. */
export interface Judged {
  readonly policy: Policy;
  readonly text: string;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** Whether a text is longer than a policy may be. */
export function isTooLong(text: string): boolean {
  return text.length > MAX_POLICY_BYTES || bytesOf(text) > MAX_POLICY_BYTES;
}

/** Judges a policy that came as a value. */
export function judge(
  value: unknown,
  rules: CheckOptions,
  which: Which,
): Result<Judged, EditError> {
  const parsed = parseValue(value, rules);
  if (!parsed.ok) return refused({ code: "policy-refused", which, issues: parsed.issues });
  const text = JSON.stringify(parsed.policy, null, 2);
  if (isTooLong(text)) return refused({ code: "policy-too-large", which: "sent" });
  return ok({ policy: parsed.policy, text });
}

/** Judges a policy that stands somewhere as text, and keeps the text to the letter. */
export function judgeText(
  text: string,
  rules: CheckOptions,
  which: Which,
): Result<Judged, EditError> {
  const parsed = parse(text, rules);
  if (!parsed.ok) return refused({ code: "policy-refused", which, issues: parsed.issues });
  return ok({ policy: parsed.policy, text });
}

/** The policy of a text that was valid once; `undefined` where the rules have changed since, or there is no text. */
export function policyIn(text: string | null | undefined, rules: CheckOptions): Policy | undefined {
  if (text == null) return undefined;
  const parsed = parse(text, rules);
  return parsed.ok ? parsed.policy : undefined;
}
