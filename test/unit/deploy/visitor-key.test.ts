import { describe, expect, test } from "vitest";

import { giveVisitorKey } from "../../../.ci/deploy/visitor-key.ts";

/** Wrangler in an account whose two Workers have these secrets, as far as they may be listed; tells what was asked of it. */
function account(secrets: { readonly control?: string[]; readonly gateway?: string[] }) {
  const asked: string[] = [];
  const wrangler = (args: readonly string[]) => {
    asked.push(args.join(" "));
    const names = args.includes("src/control/wrangler.toml") ? secrets.control : secrets.gateway;
    if (names === undefined) return { status: 1, stdout: "" };
    return { status: 0, stdout: JSON.stringify(names.map((name) => ({ name }))) };
  };
  return { asked, wrangler };
}

const listed = (file: string) => `secret list --config ${file}`;

describe("the key of visitors", () => {
  test.each([
    [
      "control",
      { control: ["OVERRIDE_SECRET", "VISITOR_KEY"], gateway: [] },
      "control has a VISITOR_KEY and gateway has none",
    ],
    [
      "gateway",
      { control: [], gateway: ["VISITOR_KEY"] },
      "gateway has a VISITOR_KEY and control has none",
    ],
  ])(
    "is not changed where %s alone has one, for nobody could give the other the same",
    (_who, secrets, said) => {
      const { asked, wrangler } = account(secrets);
      const result = giveVisitorKey(wrangler);
      expect(result.ok).toBe(false);
      expect(result.said).toContain(said);
      expect(result.said).toContain("secret put VISITOR_KEY --config src/control/wrangler.toml");
      expect(asked).toEqual([listed("src/control/wrangler.toml"), listed("wrangler.toml")]);
    },
  );

  test.each([
    ["control", { gateway: [] }, 1],
    ["gateway", { control: [] }, 2],
  ])("is not made where it is not known of %s whether it has one", (_who, secrets, times) => {
    const { asked, wrangler } = account(secrets);
    const result = giveVisitorKey(wrangler);
    expect(result).toEqual({
      ok: false,
      said: expect.stringContaining("it is not known whether they have a VISITOR_KEY") as string,
    });
    expect(asked).toHaveLength(times);
  });

  test("is made without a look where both Workers were deployed for the first time", () => {
    const { asked, wrangler } = account({ control: [], gateway: [] });
    expect(giveVisitorKey(wrangler, undefined, true).ok).toBe(true);
    expect(asked).toEqual([
      "secret put VISITOR_KEY --config src/control/wrangler.toml",
      "secret put VISITOR_KEY --config wrangler.toml",
    ]);
  });
});
