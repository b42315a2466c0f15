/** Names that mean this machine, this network, or a metadata service; most clouds have theirs under `.internal`. */
const CLOSED_NAMES =
  /^(?:.+\.)?(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain)$|^(?:metadata|metadata\.goog|metadata\.tencentyun\.com|metadata\.(?:packet\.net|platformequinix\.com)|instance-data)$|^ip6-(?:localhost|loopback)$/;

/** An IPv6 address, or what the URL parser leaves of IPv4 in any spelling. */
const ADDRESS = /^(?:\[.*\]|\d+(?:\.\d+){3}\.*)$/;

/**
 * Whether a host is an IP address, in any spelling. Expects `URL.hostname`: the WHATWG parser has
 * already turned decimal, octal, hexadecimal and short forms into four numbers.
 */
export function isAddress(hostname: string): boolean {
  return ADDRESS.test(hostname);
}

/**
 * Whether a host, as `URL.hostname` has it, is a name of this machine, this network or a metadata service. A public
 * name that resolves to a private address cannot be told from its text: docs/security.md says what that means where.
 */
export function isPrivateName(hostname: string): boolean {
  return CLOSED_NAMES.test(hostname.replace(/\.+$/, ""));
}
