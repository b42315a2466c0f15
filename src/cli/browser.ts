import { spawn } from "node:child_process";
import { once } from "node:events";

import { Failure } from "./failure.ts";
import type { Io } from "./io.ts";

/** What opens a URL, by Node's names of systems; elsewhere it is what desktops agree on. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Opens a URL in what `BROWSER` names, or in the browser of the system; does not wait for it. */
export async function openBrowser({ env, cwd }: Io, url: string): Promise<void> {
  const chosen = env["BROWSER"] ?? "";
  const [program, ...args] =
    chosen === "" ? (OPENERS[process.platform] ?? (["xdg-open"] as const)) : ([chosen] as const);
  const browser = spawn(program, [...args, url], { cwd, detached: true, stdio: "ignore" });
  try {
    await once(browser, "spawn");
  } catch {
    throw new Failure(
      `no browser could be opened with ${program}`,
      "open the link yourself, or name a program in BROWSER",
    );
  }
  browser.unref();
}
