import type { Health } from "../../api/health-form.ts";
import { isLoopback } from "../access/gateway-url.ts";
import { skewOf } from "../health/skew.ts";
import { percent } from "../text/bars.ts";
import { hint, well, wrong, type Finding, type Part } from "./finding.ts";

/** A clock that is wrong by more (ms) makes instants and leases mean something else here than there. */
export const MAX_SKEW_MS = 5000;

/** Gateways that serve report every minute at the least; silence for so long (ms) is none of theirs. */
export const SILENT_MS = 300_000;

/** Reports that a day's object requests of the free plan leave room for, a quarter of them. */
const FREE_DAILY_REPORTS = 25_000;

/** What can be done where a part of the platform fails. */
const FIXES = {
  kv: "see the control plane's log (npx wrangler tail switchyard), and cloudflarestatus.com; visitors are served from memory meanwhile",
  ledger:
    "see the control plane's log (npx wrangler tail switchyard); visitors are served as ever, and an emergency edit can be put to KV by hand",
  hub: "see the control plane's log (npx wrangler tail switchyard); visitors are served as ever, and changes take as long as KV",
} as const;

function part(name: keyof typeof FIXES, { status, words }: Health["parts"]["hub" | "kv"]): Finding {
  if (status === "failing") return wrong(name, words, FIXES[name]);
  if (status === "off")
    return hint(name, words, "bind HUBS in src/control/wrangler.toml, and deploy both Workers");
  return status === "warn" ? hint(name, words, FIXES[name]) : well(name, words);
}

function configFindings(url: string, { config }: Health["parts"], isFree: boolean): Finding[] {
  const findings: Finding[] = [];
  const say = (name: Part, what: string, fix: string) => findings.push(hint(name, what, fix));
  if (!config.visitorKey)
    say(
      "config",
      "the secret VISITOR_KEY is not set: there are no figures of visitors",
      "npm run deploy makes one and gives it to both Workers",
    );
  if (!config.overrideSecret)
    say(
      "config",
      "the secret OVERRIDE_SECRET is not set: there are no QA links",
      "set one of 16 characters or more in both Workers: npx wrangler secret put OVERRIDE_SECRET",
    );
  if (config.sessionKey === false)
    say(
      "config",
      "the secret SESSION_KEY is not set: nobody signs in to the console by a token",
      "npm run deploy makes one; Cloudflare Access works without",
    );
  if (!config.limiter && !isLoopback(url))
    say(
      "config",
      "nothing slows down callers who guess at tokens",
      "bind the rate limiter ADMIN_LIMITER: src/control/wrangler.toml has the lines",
    );
  if (config.privateOrigins && !isLoopback(url))
    findings.push(
      wrong(
        "config",
        "ALLOW_PRIVATE_ORIGINS is true: policies may name private addresses",
        'set it to "false" in both wrangler.toml, and deploy both Workers',
      ),
    );
  if (isFree && (config.hubDailyReports ?? Infinity) > FREE_DAILY_REPORTS)
    say(
      "config",
      "the hub takes more reports in a day than the free plan has room for",
      `set HUB_DAILY_REPORTS to "${FREE_DAILY_REPORTS}" on control, and REPORT_INTERVAL_SECONDS to "60" on the gateway`,
    );
  if (findings.length > 0) return findings;
  return [well("config", `every var is valid; environment "${config.environment}"`)];
}

function reportsFinding({ hub }: Health["parts"], at: number): Finding[] {
  if (hub.status === "off") return [];
  const fix =
    "if visitors came meanwhile: bind HUB in the gateway's wrangler.toml to this control plane, and see the gateway's log";
  if (hub.reportedAt === null) return [hint("reports", "no gateway has reported yet", fix)];
  const silence = at - Date.parse(hub.reportedAt);
  if (silence > SILENT_MS)
    return [
      hint("reports", `no gateway has reported for ${Math.round(silence / 60_000)} minutes`, fix),
    ];
  return [well("reports", "gateways report")];
}

function clockFinding(at: number, here: number): Finding {
  const ms = here - at;
  if (Math.abs(ms) <= MAX_SKEW_MS) return well("clock", "this machine and the control plane agree");
  const seconds = Math.round(Math.abs(ms) / 1000);
  return wrong(
    "clock",
    `this machine's clock is ${seconds} s ${ms > 0 ? "ahead of" : "behind"} the control plane's`,
    "set it by NTP: times such as --at +5m are counted from it",
  );
}

/** Where several versions of the gateway's Worker serve, which share each has: they may be of one release. */
function inVersions({ version: { serving = [] } }: Health["parts"]): string {
  if (serving.length < 2) return "";
  const shares = serving.map(({ worker, share }) => `${worker ?? "unnamed"} ${percent(share)}`);
  return `; the gateway serves in ${serving.length} versions of its Worker: ${shares.join(", ")}`;
}

/** What the control plane's word of itself means; `here` is this machine's clock when it was given (ms). */
export function healthFindings(
  url: string,
  health: Health,
  here: number,
  isFree: boolean,
): Finding[] {
  const { parts } = health;
  const at = Date.parse(health.at);
  const skew = skewOf(parts.version);
  const versions = skew.map(({ what, fix }): Finding => hint("version", what, fix));
  return [
    well(
      "control",
      `${url} answers, and takes you for ${health.caller.name} (${health.caller.role})`,
    ),
    ...configFindings(url, parts, isFree),
    part("kv", parts.kv),
    part("ledger", parts.ledger),
    part("hub", parts.hub),
    ...reportsFinding(parts, at),
    ...(versions.length > 0
      ? versions
      : [well("version", `sy and control are ${parts.version.control}${inVersions(parts)}`)]),
    clockFinding(at, here),
  ];
}
