import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { ROOT } from "./wrangler.ts";

const UNSEEN =
  "Whether this release can read every stored policy was not looked at: set SY_URL to the control plane's URL and SY_TOKEN, or log in there with sy login, and it is.";

/** Looks whether every stored policy is valid under this release; says what is wrong where one is not. */
export function releaseFault(): string | undefined {
  if ((process.env["SY_URL"] ?? "") === "") {
    console.log(UNSEEN);
    return undefined;
  }
  const { status } = spawnSync(
    process.execPath,
    [join(ROOT, "src/cli/sy.cjs"), "doctor", "--release"],
    { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] },
  );
  return status === 0
    ? undefined
    : "Nothing is uploaded: this release is not shown to read all that is stored. Mend what is said above, or deploy with --skip-check.";
}
