/** The same draws on every run: a linear congruential generator (Numerical Recipes' constants). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Any recent time will do (ms): such a cookie is neither new nor due for renewal. */
const daysAgo = (days: number) => Date.now() - days * 86_400_000;

/** Visitor cookies as the gateway sets them; `pins` stand behind the times, as `<split>-<variant>`. */
export function visitorCookies(count: number, pins: readonly string[] = []): string[] {
  const next = generator(1);
  const at = daysAgo(2).toString(36);
  return Array.from({ length: count }, () => {
    const id = Array.from({ length: 22 }, () => ALPHABET[(next() >>> 8) % 64]).join("");
    return `sy=${["1", id, at, at, ...pins].join(".")}`;
  });
}

export interface RequestShape {
  readonly host?: string;
  readonly path?: string;
  /** The visitor's cookie of ours, beside those any site has. */
  readonly cookie?: string | undefined;
  /** Further lines of the head. */
  readonly headers?: readonly string[];
}

/** The host of every request that says nothing else. */
export const HOST = "shop.example.com";

/** A browser's GET as a Worker gets it from Cloudflare's edge: fifteen fields and three cookies. */
export function browserGet(shape: RequestShape = {}): Buffer {
  const cookies = ["_ga=GA1.1.1374027.1764547200", "theme=dark", "consent=all"];
  if (shape.cookie !== undefined) cookies.splice(1, 0, shape.cookie);
  const lines = [
    `GET ${shape.path ?? "/store/products/42?ref=mail"} HTTP/1.1`,
    `Host: ${shape.host ?? HOST}`,
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.7,de;q=0.3",
    "Accept-Encoding: gzip, br",
    "Referer: https://www.example.com/",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Dest: document",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-Site: cross-site",
    "CF-Connecting-IP: 203.0.113.7",
    "CF-Ray: 9a1b2c3d4e5f6789-FRA",
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-Proto: https",
    `Cookie: ${cookies.join("; ")}`,
    ...(shape.headers ?? []),
    "",
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}
