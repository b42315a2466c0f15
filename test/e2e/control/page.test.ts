import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { startControl } from "../../support/gateway.ts";
import { blocksOf, page } from "../../unit/docs/markdown.ts";

const TOKEN = "a-token-for-this-test-alone";
const sha256 = createHash("sha256").update(TOKEN).digest("hex");
const tokens = [{ name: "reader-of-the-page", sha256, role: "write", scope: "try-*" }];

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
    expect(control.logs().map(({ message }) => message)).toEqual([]);
  } finally {
    await control.close();
  }
});
