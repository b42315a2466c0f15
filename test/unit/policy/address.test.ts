import { describe, expect, test } from "vitest";
import { isPrivateHost } from "../../../src/policy/address.ts";
import { parseValue } from "../../../src/policy/parse.ts";
import { issuesOf } from "./judge.ts";

const hostOf = (authority: string) => new URL(`http://${authority}/`).hostname;

describe("private, loopback, link-local and metadata addresses are refused in every spelling", () => {
  test.each([
    // 127.0.0.1, as the WHATWG parser takes it
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
    // IPv6: itself, and IPv4 inside it
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:c0a8:101::1]",
    "[2001:0:1::1]",
    // metadata services
    "169.254.169.254",
    "168.63.129.16",
    "0xa9fea9fe",
    "2852039166",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "192.0.0.192",
    "metadata",
    "metadata.",
    "METADATA.google.internal",
    "metadata.goog",
    "metadata.tencentyun.com",
    "instance-data",
    "instance-data.ec2.internal",
    // names of this machine and this network
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
    expect(isPrivateHost(hostOf(authority))).toBe(true);
  });

  test("a trailing dot that the parser leaves is not a way around", () => {
    expect(isPrivateHost("127.0.0.1.")).toBe(true);
    expect(isPrivateHost("localhost..")).toBe(true);
  });
});

describe("each block ends where its registration says", () => {
  test.each([
    ["0.255.255.255", "1.0.0.0"],
    ["10.0.0.0", "9.255.255.255"],
    ["10.255.255.255", "11.0.0.0"],
    ["100.64.0.0", "100.63.255.255"],
    ["100.127.255.255", "100.128.0.0"],
    ["127.0.0.0", "126.255.255.255"],
    ["127.255.255.255", "128.0.0.0"],
    ["169.254.0.0", "169.253.255.255"],
    ["169.254.255.255", "169.255.0.0"],
    ["172.16.0.0", "172.15.255.255"],
    ["172.31.255.255", "172.32.0.0"],
    ["192.0.0.0", "191.255.255.255"],
    ["192.0.0.255", "192.0.1.0"],
    ["192.168.0.0", "192.167.255.255"],
    ["192.168.255.255", "192.169.0.0"],
    ["198.18.0.0", "198.17.255.255"],
    ["198.19.255.255", "198.20.0.0"],
    ["224.0.0.0", "223.255.255.255"],
    ["[::ffff:10.255.255.255]", "[::ffff:11.0.0.0]"],
    ["[fc00::]", "[fbff:ffff::]"],
    ["[fdff:ffff::1]", "[fe00::1]"],
    ["[fe80::]", "[fe7f::1]"],
    ["[febf::1]", "[2606::1]"],
    ["[fec0::1]", "[2606:4700::1]"],
    ["[feff::1]", "[2a00::1]"],
    ["[ff00::]", "[2c00::1]"],
    ["[64:ff9b::10.0.0.1]", "[64:ff9b::8.8.8.8]"],
    ["[2002:a00:1::]", "[2002:808:808::]"],
    ["[2001:0:ffff::]", "[2001:1::]"],
  ])("%s is inside, %s is outside", (inside, outside) => {
    expect(isPrivateHost(hostOf(inside))).toBe(true);
    expect(isPrivateHost(hostOf(outside))).toBe(false);
  });
});

describe("public hosts pass", () => {
  test.each([
    "www.example.com",
    "8.8.8.8",
    "0x08080808",
    "134744072",
    "[2606:4700::1111]",
    "[::ffff:8.8.8.8]",
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
  ])("%s", (authority) => {
    expect(isPrivateHost(hostOf(authority))).toBe(false);
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
