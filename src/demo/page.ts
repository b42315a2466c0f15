import type { IncomingHttpHeaders } from "node:http";

/** What an origin saw of one request. */
export interface Sight {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly bodyBytes: number;
  readonly headers: IncomingHttpHeaders;
}

const FEATURES = ["events", "redirect", "cookies", "slow?ms=1500"];

/** The facts of the JSON answer as a small page that tells origins apart at a glance. */
export function renderPage(sight: Sight): string {
  const name = escapeHtml(sight.origin);
  const rows = Object.entries(sight.headers).map(
    ([header, value]) =>
      `<tr><th>${escapeHtml(header)}<td>${escapeHtml([value].flat().join(", "))}`,
  );
  const base = linkBase(sight);
  const links = FEATURES.map(
    (feature) => `<a href="${escapeHtml(`${base}/${feature}`)}">/${feature}</a>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${name}</title><link rel="icon" href="data:,">
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem }
  h1 { background: hsl(${hue(sight.origin)} 60% 35%); color: #fff; padding: .5rem 1rem; border-radius: .5rem }
  th { text-align: left; padding-right: 1.5rem; white-space: nowrap; vertical-align: top; font-weight: 600 }
  td { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
</style>
<h1>${name}</h1>
<p>This origin saw <code>${escapeHtml(`${sight.method} ${sight.path}`)}</code> with these headers.</p>
<table>${rows.join("\n")}</table>
<p>Also here: ${links.join(" · ")}</p>
</html>
`;
}

/** The two colours of blue-green look like themselves; other names get a hue of their own. */
function hue(name: string): number {
  if (name === "blue") return 220;
  if (name === "green") return 140;
  return Array.from(name).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 0);
}

/** Links must carry what the gateway stripped, or they would leave the tenant. */
function linkBase({ headers, path }: Sight): string {
  const [pathname = ""] = path.split("?");
  const isFeature = FEATURES.some((feature) => pathname.endsWith(`/${feature.split("?")[0]}`));
  const own = isFeature
    ? pathname.slice(0, pathname.lastIndexOf("/"))
    : pathname.replace(/\/$/, "");
  return `${[headers["x-forwarded-prefix"] ?? ""].flat().join("")}${own}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
