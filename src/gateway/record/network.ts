/** Groups of an IPv6 address, and those that name its network: the /64 that one household, or one machine, is given. */
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** What an address counts as: an IPv4 address itself, of an IPv6 address its /64. */
export function networkOf(ip: string): string {
  const [left = [], right = []] = ip.split("::").map((part) => part.split(":"));
  const last = [...left, ...right].at(-1) ?? "";
  if (last.includes(".")) return last;
  const zeros = Array<string>(Math.max(0, GROUPS - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].slice(0, NETWORK_GROUPS).join(":");
}
