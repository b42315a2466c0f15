import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

import type { Client } from "../../../src/api/client/ask.ts";
import { runAction } from "../../../src/api/client/edits.ts";
import { connectPage } from "../../../src/api/client/page.ts";
import { getRoute, pagesOfRoutes, routeResults } from "../../../src/api/client/reads.ts";
import { Refused } from "../../../src/api/client/refused.ts";

/** A page's client of a server that answers as it is told, and what it was asked. */
async function against(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ client: Client; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { client: connectPage(`http://127.0.0.1:${port}`), asked };
}

/** A server whose answers have the entity tag of a counter that the test turns. */
function counted() {
  const counter = { now: 1 };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const etag = `"${counter.now}"`;
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.end(JSON.stringify({ url: request.url, at: counter.now }));
  };
  return { counter, answer };
}

test("a page proves nothing itself, and marks what changes something", async () => {
  const { client, asked } = await against((_, response) => {
    response.end("{}");
  });
  await getRoute(client, "shop.example.com");
  await runAction(client, "a b", "promote", { from: 3 });
  const [read, edit] = asked;
  expect(read?.headers).not.toHaveProperty("authorization");
  expect(read?.headers).not.toHaveProperty("x-switchyard-console");
  expect(edit?.method).toBe("POST");
  expect(edit?.url).toBe("/v1/routes/a%20b/actions/promote");
  expect(edit?.headers).not.toHaveProperty("authorization");
  expect(edit?.headers).toMatchObject({ "x-switchyard-console": "1", "if-match": '"3"' });
  expect(edit?.headers["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("what has not changed is the very object of before, each URL by itself", async () => {
  const { counter, answer } = counted();
  const { client, asked } = await against(answer);
  const first = await routeResults(client, "shop");
  const other = await routeResults(client, "blog");
  expect(await routeResults(client, "shop")).toBe(first);
  expect(asked.at(-1)?.headers["if-none-match"]).toBe('"1"');
  expect(other).not.toBe(first);
  counter.now = 2;
  const second = await routeResults(client, "shop");
  expect(second).toEqual({ url: "/v1/routes/shop/results", at: 2 });
  expect(await routeResults(client, "shop")).toBe(second);
});

test.each([
  [63, true],
  [64, false],
])("after %i other answers, the first is remembered: %s", async (others, isKnown) => {
  const { client, asked } = await against(counted().answer);
  await getRoute(client, "first");
  for (let n = 0; n < others; n += 1) await getRoute(client, `other-${n}`);
  await getRoute(client, "first");
  expect(asked.at(-1)?.headers["if-none-match"]).toBe(isKnown ? '"1"' : undefined);
});

test("an answer without an entity tag is asked for whole again", async () => {
  const { client, asked } = await against((_, response) => {
    response.end(JSON.stringify({ routes: [], cursor: null, source: "hub" }));
  });
  for (let turn = 0; turn < 2; turn += 1)
    for await (const { routes } of pagesOfRoutes(client, {})) expect(routes).toEqual([]);
  expect(asked.at(-1)?.headers).not.toHaveProperty("if-none-match");
});

test("a refusal is told with its code, its fix and its problem", async () => {
  const { client } = await against((_, response) => {
    const problem = {
      type: "about:blank",
      title: "Gone by",
      status: 412,
      code: "precondition-failed",
    };
    response.writeHead(412).end(
      JSON.stringify({
        ...problem,
        detail: "too late; look again",
        fix: "look again",
        current: 7,
      }),
    );
  });
  const error: unknown = await getRoute(client, "shop").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({
    status: 412,
    code: "precondition-failed",
    message: "too late",
    fix: "look again",
    problem: { current: 7 },
  });
});

test.each([
  ["a page of something else", 502, "<h1>Bad gateway</h1>", "no-api"],
  ["nothing that is a problem", 500, "{}", "no-api"],
])("of %s it says that it is not an API", async (_, status, body, code) => {
  const { client } = await against((_request, response) => {
    response.writeHead(status).end(body);
  });
  await expect(getRoute(client, "shop")).rejects.toMatchObject({ code });
});

test("where a browser was led elsewhere, nobody is signed in any more", async () => {
  const { client } = await against((_, response) => {
    response.end();
  });
  const { fetch } = globalThis;
  onTestFinished(() => {
    globalThis.fetch = fetch;
  });
  // What a page of a browser is given for a redirect that it did not follow; Node would show the redirect itself.
  globalThis.fetch = async () => Response.error();
  await expect(getRoute(client, "shop")).rejects.toMatchObject({ code: "unauthorized" });
});

test("a page's client brings no schema with it", async () => {
  const entry = ["page", "reads", "edits"].map((name) => `export * from "./${name}.ts";`);
  const { metafile } = await build({
    stdin: {
      contents: entry.join("\n"),
      resolveDir: fileURLToPath(new URL("../../../src/api/client/", import.meta.url)),
    },
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outfile: "client.js",
  });
  const files = Object.keys(metafile.inputs).filter((name) => name !== "<stdin>");
  expect(files.some((name) => name.endsWith("src/api/client/reads.ts"))).toBe(true);
  const foreign = files.filter((name) => !/^src\/(?:api\/client|lib)\//.test(name));
  expect(foreign.toSorted()).toEqual(["src/api/base.ts", "src/api/definition.ts"]);
});
