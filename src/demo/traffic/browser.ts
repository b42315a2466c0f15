import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";

import { CookieJar } from "tough-cookie";

import { LOOPBACK } from "../port.ts";

/** A made-up visitor gives up on an answer that does not go on for so long (ms). */
const PATIENCE_MS = 10_000;

/** Not a crawler's. */
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 (Switchyard demo)";

interface Whose {
  /** The gateway's port on this machine. */
  readonly port: number;
  /** Whom the visitor believes to talk to. */
  readonly host: string;
  /** The visitor's address. */
  readonly address: string;
  /** Aborts every request under way. */
  readonly signal: AbortSignal;
}

/** One visitor's browser, as far as a gateway can tell: it keeps cookies and navigates to pages. */
export class Browser {
  readonly #whose: Whose;
  readonly #jar = new CookieJar();

  constructor(whose: Whose) {
    this.#whose = whose;
  }

  /** Opens a page and gives the variant that served it. Rejects where no answer comes to its end. */
  async open(path: string): Promise<string | undefined> {
    const { port, host, address, signal } = this.#whose;
    const url = `http://${host}:${port}${path}`;
    const cookie = await this.#jar.getCookieString(url);
    const request = httpRequest({
      hostname: LOOPBACK,
      port,
      path,
      // A connection that was kept may just be closing at the other end, and would look like a failure.
      agent: false,
      signal,
      timeout: PATIENCE_MS,
      headers: {
        host: `${host}:${port}`,
        accept: "application/json",
        "user-agent": USER_AGENT,
        "cf-connecting-ip": address,
        "sec-fetch-dest": "document",
        "sec-fetch-mode": "navigate",
        ...(cookie === "" ? {} : { cookie }),
      },
    });
    request.once("timeout", () => request.destroy(new Error("no answer came in time")));
    // What breaks after the head is reported here as well as on the answer, where it is waited for.
    request.on("error", () => undefined);
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    await Promise.all([once(response, "end"), this.#keep(response, url)]);
    return [response.headers["x-variant"]].flat()[0];
  }

  async #keep({ headers }: IncomingMessage, url: string): Promise<void> {
    for (const line of headers["set-cookie"] ?? [])
      await this.#jar.setCookie(line, url, { ignoreError: true });
  }
}
