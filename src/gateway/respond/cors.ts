import type { Cors } from "../../policy/fields/cors.ts";
import { addVary } from "./cache.ts";

/** What the Fetch standard lets an answer say to other origins' pages. */
const FIELDS = [
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-methods",
  "access-control-allow-headers",
  "access-control-expose-headers",
  "access-control-max-age",
] as const;

/** The labels that a wildcard stands for. */
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/** A list of names as a browser asks for them. */
const ASKED = /^[\w!#$%&'*+.^`|~, \t-]{1,4096}$/;

/** Whether pages of an origin may read answers. Compared byte for byte: browsers write an origin in one way only. */
function mayRead({ exact, wild }: Cors, origin: string): boolean {
  if (exact.has(origin)) return true;
  return wild.some(
    ({ scheme, end }) =>
      origin.startsWith(scheme) &&
      origin.endsWith(end) &&
      LABELS.test(origin.slice(scheme.length, origin.length - end.length)),
  );
}

/** A list with a wildcard, as far as it may be sent: beside credentials `*` is only a name (Fetch §3.3.5). */
function listed(list: string, { credentials }: Cors, named: () => string): string {
  return credentials && /(?:^|, )\*/.test(list) ? named() : list;
}

function setList(headers: Headers, name: string, value: string): void {
  if (value !== "") headers.set(name, value);
}

/** Says in an answer whose pages may read it, in place of what its origin said. */
export function applyCors(headers: Headers, cors: Cors, request: Request): boolean {
  for (const name of FIELDS) headers.delete(name);
  addVary(headers, ["origin"]);
  const origin = request.headers.get("origin");
  const isAll = cors.exact.has("*");
  if (!isAll && (origin === null || !mayRead(cors, origin))) return false;
  headers.set("access-control-allow-origin", isAll ? "*" : (origin ?? ""));
  if (cors.credentials) headers.set("access-control-allow-credentials", "true");
  const names = () =>
    Array.from(headers.keys())
      .filter((name) => !name.startsWith("access-control-"))
      .join(", ");
  setList(headers, "access-control-expose-headers", listed(cors.expose, cors, names));
  return true;
}

/** The answer to a preflight: what the actual request may be, for those whose pages may ask at all. */
export function answerPreflight(cors: Cors, request: Request): Response {
  const headers = new Headers();
  const asked = (name: string): string => {
    const value = request.headers.get(name) ?? "";
    return ASKED.test(value) ? value : "";
  };
  const method = "access-control-request-method";
  const fields = "access-control-request-headers";
  if (applyCors(headers, cors, request)) {
    setList(
      headers,
      FIELDS[2],
      listed(cors.methods, cors, () => asked(method)),
    );
    setList(
      headers,
      FIELDS[3],
      listed(cors.headers, cors, () => asked(fields)),
    );
    headers.set(FIELDS[5], cors.maxAge);
  }
  addVary(headers, [method, fields]);
  return new Response(null, { status: 204, headers });
}
