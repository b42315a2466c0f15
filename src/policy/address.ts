/** IPv4 blocks that no public origin has: [first address, prefix bits]; RFC 6890 and the clouds' metadata services inside them. */
const CLOSED_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure answers its virtual machines here.
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** Names that mean this machine, this network, or a metadata service; most clouds have theirs under `.internal`. */
const CLOSED_NAMES =
  /^(?:.+\.)?(?:localhost|local|internal|intranet|lan|home\.arpa|localdomain)$|^(?:metadata|metadata\.goog|metadata\.tencentyun\.com|metadata\.(?:packet\.net|platformequinix\.com)|instance-data)$|^ip6-(?:localhost|loopback)$/;

const DOTTED = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function toNumber(dotted: string): number {
  return dotted.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isClosedV4(value: number): boolean {
  return CLOSED_V4.some(([first, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(value / size) === Math.floor(toNumber(first) / size);
  });
}

/** The eight 16-bit groups of an IPv6 address as the WHATWG serialiser writes it. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const parse = (text: string) =>
    text
      .split(":")
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const front = parse(head);
  const back = tail === undefined ? [] : parse(tail);
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

function isClosedV6(address: string): boolean {
  const groups = groupsOf(address);
  const [a = 0, b = 0, c = 0] = groups;
  const embedded = (high: number) => (groups[high] ?? 0) * 65_536 + (groups[high + 1] ?? 0);
  const leadingZeros = groups.findIndex((group) => group !== 0);
  if (leadingZeros === -1 || leadingZeros >= 6) return true; // ::, ::1 and the deprecated IPv4-compatible block
  if (leadingZeros === 5 && groups[5] === 0xffff) return isClosedV4(embedded(6)); // IPv4-mapped
  if (leadingZeros === 4 && groups[4] === 0xffff) return isClosedV4(embedded(6)); // IPv4-translated, RFC 2765
  if (a === 0x64 && b === 0xff9b) return c === 1 || isClosedV4(embedded(6)); // NAT64, RFC 6052 and 8215
  if (a === 0x2002) return isClosedV4(embedded(1)); // 6to4
  if (a === 0x2001 && b === 0) return true; // Teredo
  return (
    (a & 0xfe00) === 0xfc00 || (a & 0xffc0) === 0xfe80 || (a & 0xffc0) === 0xfec0 || a >= 0xff00
  );
}

/**
 * Whether a host is private, loopback, link-local or a metadata service, in any spelling.
 * Expects `URL.hostname`: the WHATWG parser has already turned decimal, octal, hexadecimal and
 * short forms into four numbers. A public name that resolves to a private address cannot be told
 * from its text: docs/security.md says what that means where.
 */
export function isPrivateHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return isClosedV6(hostname.slice(1, -1));
  const name = hostname.replace(/\.+$/, "");
  if (DOTTED.test(name)) return isClosedV4(toNumber(name));
  return CLOSED_NAMES.test(name);
}
