import { isLoopback } from "../access/gateway-url.ts";

/** A server that a policy names. */
export interface Host {
  readonly name: string;
  readonly port: number;
  readonly isTls: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 };

/** What an address looks like: it is in no DNS. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|\[.*\])$/;

/** The server of a URL whose name can be looked up; `undefined` for addresses, and for names of this machine. */
export function hostOf(text: string): Host | undefined {
  const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
  if (url === null || ADDRESS.test(url.hostname) || isLoopback(url.href)) return undefined;
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
  return { name: url.hostname.replace(/\.$/, ""), port, isTls: url.protocol === "https:" };
}

/**
 * All servers that a policy names anywhere. What is reached by a binding (`via`) needs no name, and
 * what has another host to connect to (`resolve`) is looked for there. Linear in the policy.
 */
export function hostsIn(policy: unknown): Host[] {
  const found: Host[] = [];
  const waiting: unknown[] = [policy];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === "string") {
      const host = hostOf(value);
      if (host !== undefined) found.push(host);
    } else if (typeof value === "object" && value !== null) {
      const fields = value as Readonly<Record<string, unknown>>;
      const { via, resolve, url } = fields;
      const isReached = typeof via === "string" && typeof url === "string";
      const elsewhere = typeof resolve === "string" && typeof url === "string";
      if (elsewhere && !isReached) {
        const host = hostOf(url);
        if (host !== undefined) found.push({ ...host, name: resolve });
      }
      for (const [name, inner] of Object.entries(fields))
        if (name !== "url" || !(isReached || elsewhere)) waiting.push(inner);
    }
  }
  return found;
}
