/** What stands where nobody wrote a page: small, and as light or dark as the browser. */
const DEFAULT_PAGE =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>{{title}}</title><style>:root{color-scheme:light dark;font:1.1em/1.5 system-ui}body{max-width:32em;margin:20vh auto;padding:0 1em}small{opacity:.7}</style><h1>{{status}}</h1><p>{{title}} ({{code}})<p><small>Request {{requestId}}</small>';

/** No script, no image, no frame, nothing from anywhere: styles in the page alone. */
export const PAGE_SECURITY = "default-src 'none'; style-src 'unsafe-inline'";

/** What a page may name. */
export interface PageValues {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly requestId: string;
}

/** A page with its values in their places: text, whatever they hold, also within quotes. */
export const errorPage = (values: PageValues, html = DEFAULT_PAGE): string =>
  html.replaceAll(/\{\{(\w+)\}\}/g, (_, name: keyof PageValues) =>
    String(values[name]).replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  );

/** What a request is known by in logs: Cloudflare's ray where it has one, else an id of its own. */
export function requestIdOf(request: Request): string {
  const ray = request.headers.get("cf-ray") ?? "";
  return /^[\w-]{1,64}$/.test(ray) ? ray : crypto.randomUUID();
}
