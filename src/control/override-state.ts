import { cookiesOfDescription, type RequestDescription } from "../decide/request-description.ts";
import { TokenJudge, type OverrideConfig } from "../override/judge.ts";
import { takeToken } from "../override/query.ts";
import { OVERRIDE_COOKIE } from "../override/token.ts";
import type { Override } from "../policy/facts.ts";

/** The QA link or its cookie in a described request, judged as the gateway judges it: by link first. */
export async function overrideOfDescription(
  described: RequestDescription,
  route: string,
  now: number,
  config: OverrideConfig,
): Promise<Override | undefined> {
  const { token: linked } = takeToken(new URL(described.url).search);
  const token = linked ?? cookiesOfDescription(described)(OVERRIDE_COOKIE)[0];
  if (token === undefined) return undefined;
  const verdict = await new TokenJudge(config).judge(token, { route, now });
  return verdict.ok ? { ok: true, variant: verdict.claim.variant } : verdict;
}
