import { randomBytes } from "node:crypto";

import { readKey } from "../lib/siphash.ts";

/** Makes the demo's figures of visitors. Fixed and public on purpose, as the demo's token is: nobody's visits are kept with it. */
export const DEMO_VISITOR_KEY = "537769746368796172642064656d6f21";

/** What the console's sessions are signed with, in bytes. */
const SESSION_KEY_BYTES = 32;

type Environment = Readonly<Record<string, string | undefined>>;

interface Binding {
  readonly type: "plain_text" | "secret_text";
  readonly value: string;
}

export type Bindings = Readonly<Record<string, Binding>>;

const secret = (value: string): Binding => ({ type: "secret_text", value });

/** The key of visitors' digests, the demo's own where the environment has none. */
const visitorKeyIn = ({ VISITOR_KEY }: Environment): string =>
  VISITOR_KEY === undefined || VISITOR_KEY === "" ? DEMO_VISITOR_KEY : VISITOR_KEY;

/** What is wrong with the environment of `npm start`, in one line that holds no secret; nothing where all is well. */
export function environmentProblem(env: Environment): string | undefined {
  return readKey(visitorKeyIn(env)) === undefined
    ? "VISITOR_KEY must be 32 hexadecimal digits, or not be set. Make one with: openssl rand -hex 16"
    : undefined;
}

/** What the environment of `npm start` sets for each Worker. */
export function bindingsFrom(env: Environment): {
  readonly gateway: Bindings;
  readonly control: Bindings;
} {
  const VISITOR_KEY = secret(visitorKeyIn(env));
  const { REPORT_INTERVAL_SECONDS: interval, WEBHOOKS: webhooks } = env;
  return {
    gateway: {
      VISITOR_KEY,
      ...(interval === undefined
        ? {}
        : { REPORT_INTERVAL_SECONDS: { type: "plain_text", value: interval } }),
    },
    control: {
      VISITOR_KEY,
      // Another one with each start: whoever knows it could sign in as anybody.
      SESSION_KEY: secret(randomBytes(SESSION_KEY_BYTES).toString("hex")),
      ...(webhooks === undefined ? {} : { WEBHOOKS: secret(webhooks) }),
    },
  };
}
