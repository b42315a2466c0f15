import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { startControl } from "../../support/gateway.ts";
import { blocksOf, page } from "../../unit/docs/markdown.ts";

const TOKEN = "a-token-for-this-test-alone";
const sha256 = createHash("sha256").update(TOKEN).digest("hex");
const tokens = [{ name: "reader-of-the-page", sha256, role: "write", scope: "try-*" }];

/** What a busy machine may have the control plane say: a call inside it ran out of its time, and is made again or done without. */
const LATE =
  /cannot be read to look for drift|does not know of a route's newest version yet|does not say what it has heard of a new route|does not say which gateways there are|is not in KV yet/;

test("the page's commands work as they are pasted, against the Worker itself", async () => {
  const blocks = blocksOf(page("docs/control-api.md")).filter(({ info }) => info === "sh");
  expect(blocks).toHaveLength(4);
  const control = await startControl({
    policies: {},
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify(tokens) } },
  });
  try {
    const script = ["set -e", ...blocks.map(({ text }) => text)].join("\n");
    const env = { ...process.env, SY_URL: control.url, SY_TOKEN: TOKEN };
    const { stdout } = await promisify(execFile)("sh", ["-c", script], { env });
    const answers = stdout
      .trim()
      .split("\n")
      // The sample of nobody has no lines.
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toHaveLength(14);
    const versions = answers
      .map(({ version }) => version)
      .filter((version) => version !== undefined);
    // Made, read, patched, aborted, explained (of version 2), rolled back, measured, deleted.
    expect(versions).toEqual([1, 1, 2, 3, 2, 4, 4, 5]);
    const told = control.logs().map(({ message }) => message);
    expect(told.filter((message) => !LATE.test(message)).join("\n")).toBe("");
  } finally {
    await control.close();
  }
});
