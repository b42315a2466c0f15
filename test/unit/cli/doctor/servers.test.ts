import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

import { describe, expect, test } from "vitest";

import { hostOf, hostsIn } from "../../../../src/cli/doctor/hosts.ts";
import { askCertificate, makeResolver, resolveName } from "../../../../src/cli/doctor/network.ts";
import {
  certificateFinding,
  MAX_SERVERS,
  nameFinding,
  serverFindings,
  SOON_MS,
} from "../../../../src/cli/doctor/servers.ts";

const NO_ERROR = 0;
const NO_SUCH_NAME = 3;
const REFUSED = 5;

/** A name server on this machine that answers every question with one code (RFC 1035 §4.1.1); with the code for success, an address for A alone. */
async function nameServer(code: number) {
  const socket = createSocket("udp4");
  let asked = 0;
  socket.on("message", (query, from) => {
    asked += 1;
    const answer = Buffer.from(query.subarray(0, query.indexOf(0, 12) + 5));
    answer.writeUInt16BE(0x8180 | code, 2);
    const isA = answer.readUInt16BE(answer.length - 4) === 1;
    const hasAnswer = code === NO_ERROR && isA;
    answer.writeUInt16BE(hasAnswer ? 1 : 0, 6);
    answer.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
    socket.send(hasAnswer ? Buffer.concat([answer, record]) : answer, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const resolver = makeResolver();
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolver, asked: () => asked, close: () => socket.close() };
}

async function resolved(code: number) {
  const { resolver, close } = await nameServer(code);
  const outcome = await resolveName("origin.example.com", resolver);
  close();
  return outcome;
}

describe("the name of an origin", () => {
  test("is known, is not, or could not be asked for", async () => {
    expect(await resolved(NO_ERROR)).toBe("known");
    expect(await resolved(NO_SUCH_NAME)).toBe("unknown");
    expect(await resolved(REFUSED)).toEqual({ failed: "EREFUSED" });
    expect(nameFinding("x", "known")).toBeUndefined();
    expect(nameFinding("x", "unknown")).toMatchObject({ part: "dns", level: "wrong" });
    expect(nameFinding("x", { failed: "EREFUSED" })).toMatchObject({ level: "hint" });
  });

  test("is looked up once, and so many of them at most", async () => {
    const { resolver, asked, close } = await nameServer(NO_SUCH_NAME);
    const hosts = (count: number) =>
      Array.from({ length: count }, (_, n) => ({
        name: `o${n}.example.com`,
        port: 80,
        isTls: false,
      }));
    const look = async (count: number) =>
      serverFindings([...hosts(count), ...hosts(count)], { resolver, now: 0 });
    expect(await look(MAX_SERVERS)).toHaveLength(MAX_SERVERS);
    expect(asked()).toBe(2 * MAX_SERVERS);
    const more = await look(MAX_SERVERS + 1);
    expect(more).toHaveLength(MAX_SERVERS + 1);
    expect(more.at(-1)?.what).toBe(
      `only ${MAX_SERVERS} of ${MAX_SERVERS + 1} servers were looked at`,
    );
    close();
  });
});

const listen = async (server: Server): Promise<number> => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};

describe("a certificate", () => {
  const now = Date.UTC(2026, 11, 1);
  const level = (validTo: number, fault?: string) =>
    certificateFinding("x", { validTo, fault }, now)?.level;

  test("that has expired or is not valid is wrong, and one that soon ends is told", () => {
    expect([level(now), level(now + 1, "SELF_SIGNED"), level(now + SOON_MS)]).toEqual([
      "wrong",
      "wrong",
      undefined,
    ]);
    expect([level(now + 1), level(now + SOON_MS - 1)]).toEqual(["hint", "hint"]);
    expect(certificateFinding("x", { failed: "ECONNREFUSED" }, now)).toMatchObject({
      level: "hint",
      what: expect.stringContaining("ECONNREFUSED") as string,
    });
    expect(level(Number.NaN, "x")).toBe("wrong");
  });

  test("is asked for over TLS, and one that nobody has signed is told as that", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sy-tls-"));
    const [key, cert] = [join(folder, "key"), join(folder, "cert")];
    const asked = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const rest = ["-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=o.example"];
    execFileSync("openssl", [...asked, ...rest], { stdio: "pipe" });
    const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) });
    const port = await listen(server);
    const certified = await askCertificate("o.example", port, { address: "127.0.0.1" });
    expect(certified).toMatchObject({ fault: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const days = "validTo" in certified ? (certified.validTo - Date.now()) / 86_400_000 : 0;
    expect(Math.abs(days - 2)).toBeLessThan(0.1);
    server.close();
    await rm(folder, { recursive: true });
  });

  test("that does not come is waited for so long and no longer", async () => {
    const silent = createTcpServer((socket) => socket.on("error", () => {}));
    const port = await listen(silent);
    const options = { address: "127.0.0.1", ms: 50 };
    expect(await askCertificate("o.example", port, options)).toEqual({
      failed: "no answer within 0.05 s",
    });
    silent.close();
    expect(await askCertificate("o.example", port, { address: "127.0.0.1" })).toMatchObject({
      failed: expect.stringContaining("ECONNREFUSED") as string,
    });
  });
});

describe("the servers that a policy names", () => {
  const names = (policy: unknown) => hostsIn(policy).map(({ name, port }) => `${name}:${port}`);

  test("are found wherever they stand", () => {
    const policy = {
      strategy: "path-map",
      paths: {
        "/a": { strategy: "canary", stable: "https://a.example", canary: "http://b.example" },
      },
      default: { strategy: "single", origin: { url: "https://c.example:8443/base" } },
    };
    expect(names(policy).toSorted()).toEqual(["a.example:443", "b.example:80", "c.example:8443"]);
    expect(hostOf("http://b.example")?.isTls).toBe(false);
  });

  test("are those that are connected to: resolve in place of the URL's, and none behind a binding", () => {
    const url = "https://shop.example";
    expect(names({ origin: { url, resolve: "server.example" } })).toEqual(["server.example:443"]);
    expect(names({ origin: { url, via: "SHOP" } })).toEqual([]);
    expect(names({ origin: { url } })).toEqual(["shop.example:443"]);
  });

  test.each([
    "http://127.0.0.1:1/",
    "https://192.0.2.1",
    "https://[2001:db8::1]/",
    "http://x.localhost",
    "https://",
    "not a URL",
    "ftp://x.example",
  ])("have names that DNS can know: not %s", (url) => {
    expect(names({ origin: url })).toEqual([]);
  });
});
