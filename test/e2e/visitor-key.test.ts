import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { plainEnv } from "../support/demo.ts";
import { ROOT } from "../unit/docs/markdown.ts";

/** A secret that a Worker was given. */
interface Put {
  readonly worker: string;
  readonly text: string;
}

/** Cloudflare's API as far as secrets go: the answers of what it holds, and what it was told. */
let api: Server;
let secrets: Record<string, string[]>;
let puts: Put[];
/** A Worker whose secrets cannot be changed. */
let frozen: string | undefined;

const answer = (result: unknown, isFine = true) =>
  JSON.stringify({
    success: isFine,
    errors: isFine ? [] : [{ code: 10_000, message: "Authentication error" }],
    messages: [],
    result,
  });

beforeEach(async () => {
  secrets = { switchyard: [], "switchyard-gateway": [] };
  puts = [];
  frozen = undefined;
  api = createServer((request, response) => {
    const worker = /\/scripts\/([\w-]+)\/secrets$/.exec(request.url ?? "")?.[1] ?? "";
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("content-type", "application/json");
      const names = secrets[worker];
      if (request.method === "GET" && names !== undefined)
        return response.end(answer(names.map((name) => ({ name, type: "secret_text" }))));
      const isFine = request.method === "PUT" && worker !== frozen && names !== undefined;
      if (isFine) {
        const told = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
          name: string;
          text: string;
        };
        puts.push({ worker, text: told.text });
        names.push(told.name);
      } else response.statusCode = 403;
      return response.end(answer({}, isFine));
    });
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
});
afterEach(() => {
  api.closeAllConnections();
  api.close();
});

/** What the last step of `npm run deploy` says, of the first one or a later one, with the real wrangler. */
async function give(first: boolean): Promise<{ ok: boolean; said: string; written: string }> {
  const address = api.address();
  if (address === null || typeof address === "string") throw new Error("the API has no port");
  const { port } = address;
  const program = `
    import { spawnSync } from "node:child_process";
    import { WRANGLER } from ${JSON.stringify(join(ROOT, ".ci/wrangler-command.ts"))};
    import { giveVisitorKey } from ${JSON.stringify(join(ROOT, ".ci/deploy/visitor-key.ts"))};
    const result = giveVisitorKey((args, input) => {
      const one = spawnSync(process.execPath, [...WRANGLER, ...args], { encoding: "utf8", input: input ?? "" });
      process.stderr.write(args.join(" ") + one.stdout + one.stderr);
      return one;
    }, undefined, ${first});
    console.log(JSON.stringify(result));`;
  const child = spawn(
    process.execPath,
    ["--env-file=.tools.env", "--input-type=module", "-e", program],
    {
      cwd: ROOT,
      env: plainEnv({
        CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
        CLOUDFLARE_API_TOKEN: "none",
        CLOUDFLARE_ACCOUNT_ID: "0123456789abcdef0123456789abcdef",
      }),
    },
  );
  let [out, written] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (written += chunk));
  await once(child, "close");
  if (out === "") throw new Error(written);
  return { ...(JSON.parse(out) as { ok: boolean; said: string }), written };
}

// That it is made once, the same for both Workers, is seen where they are deployed.
describe("the key of visitors, after a deployment", () => {
  test("that one of them did not get is told, with what to do", async () => {
    frozen = "switchyard-gateway";
    const result = await give(true);
    expect([result.ok, puts.length]).toEqual([false, 1]);
    expect(result.said).toContain("gateway did not get its VISITOR_KEY.");
    expect(result.said + result.written).not.toContain(puts[0]?.text);
  });

  test("is not made where it is not known whether there is one", async () => {
    secrets = {};
    const result = await give(false);
    expect([result.ok, puts]).toEqual([false, []]);
    expect(result.said).toContain("it is not known whether they have a VISITOR_KEY");
  });
});
