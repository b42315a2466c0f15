import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import type { Client } from "../../../src/api/client/ask.ts";
import { connect } from "../../../src/api/client/connect.ts";
import { exposures, type Exposure } from "../../../src/api/client/reads.ts";
import type { Failure } from "../../../src/lib/failure.ts";

const HEAD = { "content-type": "application/x-ndjson" };

const line = (digest: string, more: Partial<Exposure> = {}): Exposure => ({
  digest,
  experiment: "shop",
  allocation: "90/10",
  variant: "canary",
  firstSeen: "2026-12-01T08:12:31.250Z",
  failed: false,
  goals: {},
  ...more,
});

const textOf = (...lines: readonly Exposure[]): string =>
  lines.map((one) => `${JSON.stringify(one)}\n`).join("");

/** A client of a server that answers as it is told. */
async function against(answer: (response: ServerResponse) => void): Promise<Client> {
  const server = createServer((_, response) => answer(response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return connect({ url: `http://127.0.0.1:${port}`, token: "t" });
}

/** All lines that come, and what ended them where they broke off. */
async function read(client: Client): Promise<{ lines: Exposure[]; failure?: Failure }> {
  const lines: Exposure[] = [];
  try {
    for await (const one of exposures(client, "shop")) lines.push(one);
  } catch (error) {
    return { lines, failure: error as Failure };
  }
  return { lines };
}

test("lines come whole, wherever the pieces end, and whatever names hold", async () => {
  const all = [
    line("a"),
    line("b", { variant: 'odd "\n\u2028 name ö 💥', goals: { "\u0000": { count: 2, value: 1 } } }),
  ];
  const bytes = Buffer.from(textOf(...all));
  for (const size of [1, 7, bytes.length]) {
    const client = await against((response) => {
      response.writeHead(200, HEAD);
      for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
      response.end();
    });
    expect(await read(client)).toEqual({ lines: all });
  }
});

test("a sample without anybody is not a line", async () => {
  const client = await against((response) => response.writeHead(200, HEAD).end());
  expect(await read(client)).toEqual({ lines: [] });
});

test("an answer that breaks off is told apart from the whole, between lines and within one", async () => {
  for (const broken of [textOf(line("a")), textOf(line("a")) + '{"digest"']) {
    const client = await against((response) => {
      response.writeHead(200, HEAD);
      response.write(broken, () => response.destroy());
    });
    const { lines, failure } = await read(client);
    expect(lines).toEqual([line("a")]);
    expect(failure?.code).toBe("incomplete");
  }
});

test("an answer that ends in order, but within a line, is not whole either", async () => {
  const client = await against((response) =>
    response.writeHead(200, HEAD).end(textOf(line("a")).slice(0, -1)),
  );
  expect((await read(client)).failure?.code).toBe("incomplete");
});

test("a line of another form, and an answer that is not lines, are told as another API", async () => {
  const other = await against((response) => response.writeHead(200, HEAD).end('{"digest":1}\n'));
  expect((await read(other)).failure?.code).toBe("no-api");
  const page = await against((response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<p>"),
  );
  expect((await read(page)).failure?.code).toBe("no-api");
});

test("whoever stops early ends the answer", async () => {
  const closed = Promise.withResolvers<void>();
  const client = await against((response) => {
    response.on("close", () => closed.resolve());
    response.writeHead(200, HEAD);
    response.write(textOf(line("a")));
  });
  for await (const one of exposures(client, "shop")) {
    expect(one).toEqual(line("a"));
    break;
  }
  await closed.promise;
});

test("a refusal is told as one", async () => {
  const problem = { type: "about:blank", title: "There is no such route", status: 404 };
  const client = await against((response) =>
    response
      .writeHead(404, { "content-type": "application/problem+json" })
      .end(JSON.stringify({ ...problem, code: "route-not-found" })),
  );
  expect((await read(client)).failure?.code).toBe("route-not-found");
});
