import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAddress, isPrivateName } from "../../../src/policy/address.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { issuesOf } from "./judge.ts";

const hostOf = (authority: string) => new URL(`http://${authority}/`).hostname;

describe("an IP address is one in every spelling", () => {
  test.each([
    // As the WHATWG parser takes it: 127.0.0.1, and others
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "127.0.0.1.",
    "%31%32%37.0.0.1",
    "１２７.0.0.1",
    "127。0。0。1",
    "0",
    "0.0.0.0",
    "8.8.8.8",
    "8.8.8.8.",
    "0x08080808",
    "134744072",
    "010.010.010.010",
    "255.255.255.255",
    // IPv6, and IPv4 inside it
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[2606:4700::1111]",
    "[2606:4700:0:0:0:0:0:1111]",
    "[::ffff:127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::a9fe:a9fe]",
    "[2002:7f00:1::]",
    // metadata services
    "169.254.169.254",
    "0xa9fea9fe",
    "2852039166",
    "[fd00:ec2::254]",
  ])("%s", (authority) => {
    expect(isAddress(hostOf(authority))).toBe(true);
    const [issue, ...more] = issuesOf({ origin: `https://${authority}:8443/base` });
    expect(more).toEqual([]);
    expect(issue).toMatchObject({
      path: "$.origin",
      message: `the origin "${hostOf(authority)}:8443" is an IP address, and a Worker can fetch none`,
    });
    expect(issue?.fix).toContain("DNS record");
    expect(issue?.fix).toContain("Tunnel");
  });

  test("a trailing dot that a parser leaves is not a way around", () => {
    expect(isAddress("127.0.0.1.")).toBe(true);
    expect(isAddress("127.0.0.1..")).toBe(true);
  });

  test("whatever its numbers and its spelling", () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const spelled = fc.tuple(octet, fc.constantFrom(8, 10, 16)).map(([value, base]) => {
      const digits = value.toString(base);
      return base === 8 ? `0${digits}` : base === 16 ? `0x${digits}` : digits;
    });
    const v4 = fc.array(spelled, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(
        fc.oneof(
          v4,
          fc.ipV6().map((address) => `[${address}]`),
        ),
        (authority) => {
          expect(isAddress(hostOf(authority))).toBe(true);
        },
      ),
    );
  });
});

describe("private names are refused in every spelling", () => {
  test.each([
    "metadata",
    "metadata.",
    "METADATA.google.internal",
    "metadata.goog",
    "metadata.tencentyun.com",
    "instance-data",
    "instance-data.ec2.internal",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "a.localhost",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "printer.local",
    "db.cluster.local",
    "router.lan",
    "wiki.intranet",
    "nas.home.arpa",
    "svc.internal",
    "svc.internal...",
  ])("%s", (authority) => {
    expect(isPrivateName(hostOf(authority))).toBe(true);
    expect(issuesOf({ origin: `https://${authority}` })).toMatchObject([
      {
        path: "$.origin",
        message: expect.stringMatching(/is a private, loopback, link-local/) as string,
        fix: expect.stringContaining("use a public host name") as string,
      },
    ]);
  });

  test("a trailing dot that a parser leaves is not a way around", () => {
    expect(isPrivateName("localhost..")).toBe(true);
  });
});

describe("public names pass", () => {
  test.each([
    "www.example.com",
    "localhost.example.com",
    "mylocalhost",
    "notlocal.example",
    "internal.example.com",
    "metadata.example.com",
    "instance-data.example.com",
    "lan.example",
    "localhosts",
    "10.example.com",
    "127.0.0.1.example.com",
    "8.8.8.8.dns.example",
  ])("%s", (authority) => {
    expect(isAddress(hostOf(authority))).toBe(false);
    expect(isPrivateName(hostOf(authority))).toBe(false);
    expect(issuesOf({ origin: `https://${authority}` })).toEqual([]);
  });
});

describe("every origin of a policy is judged", () => {
  const inside = "http://169.254.169.254/latest";
  const outside = "https://www.example.com";
  const weighted = (origin: unknown) => ({
    strategy: "weighted",
    variants: [{ name: "a", origin, weight: 1 }],
  });

  test.each([
    ["$", inside],
    ["$.origin", { origin: inside }],
    ["$.origin.url", { origin: { url: inside } }],
    ["$.variants[0].origin", weighted(inside)],
    ["$.variants[0].origin.url", weighted({ url: inside })],
    ["$.stable", { strategy: "canary", stable: inside, canary: outside, percent: 1 }],
    ["$.canary", { strategy: "canary", stable: outside, canary: inside, percent: 1 }],
    ["$.blue", { strategy: "blue-green", blue: inside, green: outside, active: "green" }],
    ["$.green", { strategy: "blue-green", blue: outside, green: inside, active: "blue" }],
    ['$.paths["/a"]', { strategy: "path-map", paths: { "/a": inside } }],
    ["$.default", { strategy: "path-map", paths: {}, default: inside }],
    ["$.fallback", { origin: outside, fallback: inside }],
    ["$.mirror.origin", { origin: outside, mirror: { origin: inside, percent: 1 } }],
    [
      "$.mirror[1].origin.url",
      {
        origin: outside,
        mirror: [
          { origin: outside, percent: 1 },
          { origin: { url: inside }, percent: 1 },
        ],
      },
    ],
    [
      "$.rules[0].policy.origin",
      { origin: outside, rules: [{ match: { bot: true }, policy: { origin: inside } }] },
    ],
  ])("%s", (path, policy) => {
    const parsed = parseValue(policy, { allowPrivateOrigins: false });
    expect(parsed.ok ? [] : parsed.issues).toMatchObject([
      { path, message: expect.stringContaining("169.254.169.254") as string },
    ]);
    expect(parsed.ok ? "" : parsed.issues[0]?.fix).toContain("ALLOW_PRIVATE_ORIGINS");
    expect(parseValue(policy, { allowPrivateOrigins: true }).ok).toBe(true);
  });

  const through = (resolve: string) => ({ url: outside, resolve });

  test.each<[string, string, (origin: object) => object]>([
    ["$.origin.resolve", "metadata.google.internal", (origin) => ({ origin })],
    ["$.origin.resolve", "LOCALHOST", (origin) => ({ origin })],
    ["$.variants[0].origin.resolve", "printer.local", weighted],
    ["$.fallback.resolve", "a.lan", (fallback) => ({ origin: outside, fallback })],
    [
      "$.mirror.origin.resolve",
      "host.internal",
      (origin) => ({ origin: outside, mirror: { origin, percent: 1 } }),
    ],
  ])("%s: %s, the host that is connected to", (path, host, policyWith) => {
    const told = issuesOf(policyWith(through(host)));
    const message = `the origin "${host.toLowerCase()}" is a private, loopback, link-local or metadata address`;
    expect(told).toMatchObject([{ path, message }]);
    expect(told[0]?.fix).toContain("ALLOW_PRIVATE_ORIGINS");
    expect(issuesOf(policyWith(through(host)), true)).toEqual([]);
    expect(issuesOf(policyWith(through("host.example.com")))).toEqual([]);
  });
});
