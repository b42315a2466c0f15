/** The IPv4 networks that are kept for documentation (RFC 5737): nobody has an address in them. */
const NETWORKS = ["192.0.2", "198.51.100", "203.0.113"] as const;

/** Hosts of one of them, without the network's own address and the broadcast. */
const HOSTS = 254;

/** Networks of 64 bits below 2001:db8::/32 (RFC 3849) that two groups of digits tell apart. */
const GROUP = 0x1_0000;

/** Every so many visitors one comes by IPv4, as far as those addresses go. */
const IPV4_EVERY = 4;

/**
 * The address of a visitor by number. By IPv6 each comes from a network of its own; of the
 * documentation's 762 IPv4 addresses each is somebody's again after 3048 visitors.
 */
export function addressOf(visitor: number): string {
  if (visitor % IPV4_EVERY !== 0) {
    const group = (value: number) => (value % GROUP).toString(16);
    return `2001:db8:${group(Math.floor(visitor / GROUP))}:${group(visitor)}::1`;
  }
  const at = Math.floor(visitor / IPV4_EVERY) % (NETWORKS.length * HOSTS);
  return `${NETWORKS[at % NETWORKS.length]}.${1 + Math.floor(at / NETWORKS.length)}`;
}
