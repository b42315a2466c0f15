import { expect, test } from "vitest";

import { askedOnce } from "../../../.ci/deploy/secret.ts";

test("wrangler is asked the same once, and told as often as there is something to tell", () => {
  const runs: string[] = [];
  const run = askedOnce((args, input) => {
    runs.push([...args, input ?? ""].join(" "));
    return { status: 0, stdout: args.join(" ") };
  });
  const control = ["secret", "list", "--config", "control"];
  const gateway = ["secret", "list", "--config", "gateway"];
  const put = ["secret", "put", "KEY"];
  expect([run(control), run(gateway), run(control)].map(({ stdout }) => stdout)).toEqual(
    [control, gateway, control].map((args) => args.join(" ")),
  );
  expect([run(put, "a").status, run(put, "a").status]).toEqual([0, 0]);
  expect(runs).toEqual([
    "secret list --config control ",
    "secret list --config gateway ",
    "secret put KEY a",
    "secret put KEY a",
  ]);
});
