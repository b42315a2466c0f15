import { Failure } from "../../lib/failure.ts";

/** Where an answer is not of the contract: the client's release is another one than the API's. */
export const unknownForm = (): Failure =>
  new Failure(
    "the API answers in a form that is not known here",
    "use the release of the gateway itself",
    { code: "no-api" },
  );

/** Where what answers is not an API of ours. */
export const noApi = (url: string, status: number): Failure =>
  new Failure(
    `${url} answers ${status}, and not as Switchyard's API does`,
    "check the URL: it is the control plane's, and not the gateway's",
    { code: "no-api" },
  );

/** Where a browser was sent elsewhere: Cloudflare Access does that once its own session is over. */
export const signedOut = (): Failure =>
  new Failure("you are no longer signed in", "load the page again", { code: "unauthorized" });
