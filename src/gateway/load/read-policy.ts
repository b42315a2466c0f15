import { murmur3 } from "../../lib/hash.ts";
import { renderIssue } from "../../lib/issue.ts";
import { compile } from "../../policy/compile.ts";
import { parse } from "../../policy/parse.ts";
import type { Platform } from "../platform.ts";
import type { Route } from "./policy-memory.ts";

interface Settings {
  readonly allowPrivateOrigins: boolean;
  readonly originBindings?: readonly string[] | undefined;
}

/**
 * Makes a stored text ready to serve. Where it cannot be used, whatever the reason, the log says why
 * and the last good policy stays. Never throws: a text that broke something would otherwise keep its
 * key from ever being read again.
 */
export function readPolicy(
  key: string,
  text: string,
  lastGood: Route | undefined,
  settings: Settings,
  { log }: Platform,
): Route | undefined {
  const version = murmur3(text, 0).toString(16).padStart(8, "0");
  const served = lastGood === undefined ? "nothing" : `version ${lastGood.version}`;
  try {
    const parsed = parse(text, settings);
    if (parsed.ok) return { key, policy: compile(parsed.policy, key), version };
    const issues = parsed.issues.map(renderIssue);
    log("error", `the policy is invalid; serving ${served}`, { route: key, version, issues });
  } catch (error) {
    const details = { route: key, version, error: String(error) };
    log("error", `the policy could not be read; serving ${served}`, details);
  }
  return lastGood;
}
