import { once } from "node:events";
import { watch } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { folder, sy } from "./shell.ts";

const LINK = "https://control.example.com/sign-in#code=abc";
const MADE = { code: "abc", url: LINK, expiresAt: "2026-12-01T12:10:00.000Z" };

/** A control plane that makes sign-in codes, and the settings of a `sy` that asks it. */
async function control() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(MADE));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const work = await folder();
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await work.remove();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, cwd: work.cwd, env: { SY_URL: `http://127.0.0.1:${port}`, SY_TOKEN: "t" } };
}

test("the link alone goes to stdout, made with the token of this sy", async () => {
  const { asked, ...shell } = await control();
  expect(await sy(shell, "console")).toEqual({
    code: 0,
    out: `${LINK}\n`,
    err: "good once, until 2026-12-01T12:10:00.000Z\n",
  });
  expect(asked).toEqual(["POST /v1/sign-in-codes Bearer t"]);
  const { out } = await sy(shell, "console", "--json");
  expect(JSON.parse(out)).toEqual(MADE);
});

test("--open hands the link to the browser that BROWSER names", async () => {
  const { cwd, env } = await control();
  const BROWSER = join(cwd, "browser");
  await writeFile(BROWSER, `#!/bin/sh\nprintf %s "$1" > part && mv part opened\n`);
  await chmod(BROWSER, 0o755);
  const changes = watch(cwd);
  onTestFinished(() => changes.close());
  const isOpened = new Promise<void>((resolve) => {
    changes.on("change", (_, name) => {
      if (name === "opened") resolve();
    });
  });
  expect((await sy({ cwd, env: { ...env, BROWSER } }, "console", "--open")).code).toBe(0);
  await isOpened;
  expect(await readFile(join(cwd, "opened"), "utf8")).toBe(LINK);
});

test("a browser that is not there is said so, with the link all the same", async () => {
  const { cwd, env } = await control();
  const BROWSER = join(cwd, "none");
  const { code, out, err } = await sy({ cwd, env: { ...env, BROWSER } }, "console", "--open");
  expect([code, out]).toEqual([1, `${LINK}\n`]);
  expect(err).toContain(`no browser could be opened with ${BROWSER}`);
});
