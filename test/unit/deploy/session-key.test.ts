import { expect, test } from "vitest";

import { giveSessionKey } from "../../../.ci/deploy/session-key.ts";

/** Wrangler in an account whose control Worker has these secrets, as far as they may be listed; and what was asked of it, and put. */
function account(secrets: readonly string[] | undefined, isFrozen = false) {
  const asked: string[] = [];
  const put: string[] = [];
  const wrangler = (args: readonly string[], input?: string) => {
    asked.push(args.join(" "));
    if (input !== undefined) put.push(input);
    if (secrets === undefined || (isFrozen && args[1] === "put")) return { status: 1, stdout: "" };
    return { status: 0, stdout: JSON.stringify(secrets.map((name) => ({ name }))) };
  };
  return { asked, put, wrangler };
}

test("a key is made where control has none, and told to control alone", () => {
  const { asked, put, wrangler } = account(["VISITOR_KEY"]);
  const result = giveSessionKey(wrangler, "staging");
  expect(result).toEqual({ ok: true, said: "SESSION_KEY: made, and given to control." });
  const flags = "--config src/control/wrangler.toml --env staging";
  expect(asked).toEqual([`secret list ${flags}`, `secret put SESSION_KEY ${flags}`]);
  expect(put).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test("at a first deployment nobody asks whether there is one", () => {
  const { asked, put, wrangler } = account([]);
  expect(giveSessionKey(wrangler, undefined, true).ok).toBe(true);
  expect(asked).toEqual(["secret put SESSION_KEY --config src/control/wrangler.toml"]);
  expect(put).toHaveLength(1);
});

test("a key that is there stays", () => {
  const { put, wrangler } = account(["SESSION_KEY"]);
  expect(giveSessionKey(wrangler)).toEqual({ ok: true, said: "" });
  expect(put).toEqual([]);
});

test.each([
  ["it is not known whether it has a SESSION_KEY", undefined, false],
  ["did not get its SESSION_KEY", [], true],
])("where %s, it is said how to give it one by hand", (said, secrets, isFrozen) => {
  const { ok, said: told } = giveSessionKey(account(secrets, isFrozen).wrangler);
  expect(ok).toBe(false);
  expect(told).toContain(said);
  expect(told).toContain(
    "openssl rand -hex 32 | npx wrangler secret put SESSION_KEY --config src/control/wrangler.toml",
  );
});
