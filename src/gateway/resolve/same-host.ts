const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

const portOf = ({ port, protocol }: URL): string =>
  port === "" ? (DEFAULT_PORTS[protocol] ?? "") : port;

const isDefaultPort = (port: string): boolean => port === "80" || port === "443";

/**
 * Whether two URLs are on one host. Schemes are not compared, nor one scheme's own port with the
 * other's: who stands behind a TLS terminator often names the other.
 */
export function isSameHost(one: URL, other: URL): boolean {
  if (one.hostname.replace(/\.$/, "") !== other.hostname.replace(/\.$/, "")) return false;
  const [port, otherPort] = [portOf(one), portOf(other)];
  return port === otherPort || (isDefaultPort(port) && isDefaultPort(otherPort));
}
