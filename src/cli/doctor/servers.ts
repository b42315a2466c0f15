import type { Resolver } from "node:dns/promises";

import { pooled } from "../transfer/pool.ts";
import { hint, well, wrong, type Finding } from "./finding.ts";
import type { Host } from "./hosts.ts";
import { askCertificate, resolveName, type Certified, type Resolved } from "./network.ts";

/** Servers looked at; the rest are counted. */
export const MAX_SERVERS = 100;

/** Servers looked at at once. */
const CONCURRENCY = 16;

const DAY_MS = 86_400_000;

/** A certificate that ends sooner (ms) should have been renewed: most are, a month before. */
export const SOON_MS = 14 * DAY_MS;

/** What DNS said of an origin's name; nothing where it is well. */
export function nameFinding(name: string, resolved: Resolved): Finding | undefined {
  if (resolved === "known") return undefined;
  if (resolved === "unknown")
    return wrong(
      "dns",
      `no DNS record has an address for the origin ${name}`,
      "check the name in the policy, and its record: visitors get 530 (error 1016) from it",
    );
  return hint(
    "dns",
    `the name ${name} could not be looked up here (${resolved.failed})`,
    "try again from a machine with a network",
  );
}

/** What is to be said of a server's certificate; nothing where it is well. */
export function certificateFinding(
  name: string,
  certified: Certified,
  now: number,
): Finding | undefined {
  if ("failed" in certified)
    return hint(
      "tls",
      `${name} could not be asked for its certificate from here (${certified.failed})`,
      "no matter where only Cloudflare may reach it; else see whether it runs",
    );
  const { validTo, fault } = certified;
  const until = Number.isNaN(validTo) ? "an unknown time" : new Date(validTo).toISOString();
  if (validTo <= now)
    return wrong(
      "tls",
      `the certificate of ${name} has expired, on ${until}`,
      "renew it: visitors get 526 from it",
    );
  if (fault !== undefined)
    return wrong(
      "tls",
      `the certificate of ${name} is not valid (${fault})`,
      "give it one for this name that a known authority has signed: visitors may get 526 from it",
    );
  if (validTo - now < SOON_MS)
    return hint("tls", `the certificate of ${name} ends on ${until}`, "renew it now");
  return undefined;
}

async function serverFinding(
  { name, port, isTls }: Host,
  resolver: Resolver,
  now: number,
): Promise<Finding | undefined> {
  const found = nameFinding(name, await resolveName(name, resolver));
  if (found !== undefined || !isTls) return found;
  return certificateFinding(name, await askCertificate(name, port), now);
}

/** Looks up the names of servers, and at the certificates of those with TLS. */
export async function serverFindings(
  hosts: readonly Host[],
  { resolver, now }: { readonly resolver: Resolver; readonly now: number },
): Promise<Finding[]> {
  const known = new Map(hosts.map((host) => [`${host.name}:${host.port}`, host]));
  const servers = [...known.values()].slice(0, MAX_SERVERS);
  const findings: Finding[] = [];
  await pooled(servers, CONCURRENCY, async (host) => {
    const found = await serverFinding(host, resolver, now);
    if (found !== undefined) findings.push(found);
  });
  const sorted = findings.toSorted((a, b) => (a.what < b.what ? -1 : 1));
  if (known.size > servers.length)
    sorted.push(
      hint(
        "dns",
        `only ${servers.length} of ${known.size} servers were looked at`,
        "look at one route's by itself: dig, and openssl s_client",
      ),
    );
  if (servers.length === 0) return [];
  if (sorted.length === 0)
    return [
      well("dns", `the names of ${servers.length} servers resolve, and their certificates hold`),
    ];
  return sorted;
}
