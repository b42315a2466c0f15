import { CONSOLE_HEADER } from "../base.ts";
import type { Client } from "./ask.ts";
import { Memory } from "./memory.ts";
import { clientOf } from "./transport.ts";
import { TRUSTED } from "./trusted.ts";

/**
 * A client for a page of the console, which asks the Worker that it came from, at `origin`; the browser proves
 * who asks. An answer that has not changed is not sent again: it is then the very object that was
 * given before. An answer is trusted to have the form of the contract, being of one release with the page.
 */
export function connectPage(origin: string): Client {
  return clientOf({
    access: { url: origin },
    forms: TRUSTED,
    writeHeaders: { [CONSOLE_HEADER]: "1" },
    memory: new Memory(),
    unreachable: "check your connection",
  });
}
