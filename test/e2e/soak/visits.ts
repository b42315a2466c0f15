import { Agent, request, type IncomingMessage } from "node:http";
import { once } from "node:events";
import { bucket, SEED } from "../../../src/lib/hash.ts";

export const KEY = "soak.localhost";
export const SALT = "soak";

/** Visitors who come back. */
const VISITORS = 5000;

/** A text may rule for so long after the next one was published (ms): memory, what is served while it refreshes, and a late KV. */
const MAX_STALE_MS = 90_000;

/** A version of the policy, and when it was published (ms). */
export interface Edit {
  /** What an answer under it names it by. */
  readonly name: string;
  readonly percent: number;
  readonly at: number;
}

export interface Answers {
  asked: number;
  readonly byStatus: Map<number, number>;
  readonly byVariant: Record<string, number>;
  /** Broken promises, in words. */
  readonly faults: string[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** What is wrong with an answer's variant, by the version that it names; nothing where it is right. */
function faultOf(
  head: IncomingMessage["headers"],
  visitor: string,
  edits: readonly Edit[],
  begun: number,
) {
  const name = String(head["x-policy-version"]);
  const index = edits.findLastIndex((one) => one.name === name);
  const edit = edits[index];
  if (edit === undefined) return `no such version: ${name}`;
  const isCanary = bucket(SEED.split, SALT, visitor) * 100 < edit.percent;
  const wanted = isCanary ? "canary" : "stable";
  if (head["x-variant"] !== wanted)
    return `${visitor} got ${String(head["x-variant"])} and not ${wanted} under version ${index + 1}`;
  const next = edits[index + 1];
  return next !== undefined && begun - next.at > MAX_STALE_MS
    ? `version ${index + 1} ruled ${begun - next.at} ms after the next one`
    : undefined;
}

const wasReset = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ECONNRESET";

/**
 * The answer to one request. On a connection that the server closed just then, for it was idle, it is sent once more, as
 * any client does that keeps connections (RFC 9112 §9.3.1).
 */
async function answerTo(port: number, visitor: string): Promise<IncomingMessage> {
  const headers = { host: KEY, "x-visitor": visitor };
  const send = () => request({ agent, port, host: "127.0.0.1", path: "/page", headers }).end();
  const sent = send();
  try {
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    return answer;
  } catch (error) {
    if (!sent.reusedSocket || !wasReset(error)) throw error;
    const [answer] = (await once(send(), "response")) as [IncomingMessage];
    return answer;
  }
}

/** One visit, and what is wrong with it. */
export async function visit(port: number, edits: readonly Edit[], answers: Answers): Promise<void> {
  answers.asked += 1;
  const visitor = `visitor-${answers.asked % VISITORS}`;
  const begun = Date.now();
  try {
    const answer = await answerTo(port, visitor);
    await once(answer.resume(), "end");
    const status = answer.statusCode ?? 0;
    answers.byStatus.set(status, (answers.byStatus.get(status) ?? 0) + 1);
    const variant = String(answer.headers["x-variant"]);
    answers.byVariant[variant] = (answers.byVariant[variant] ?? 0) + 1;
    const fault = faultOf(answer.headers, visitor, edits, begun);
    if (fault !== undefined) answers.faults.push(`${status}: ${fault}`);
  } catch (error) {
    answers.faults.push(`no answer: ${String(error)}`);
  }
}

/** Visits as fast as so many can be under way at a time, for so long; how many a second that were. */
export async function capacityOf(
  port: number,
  edits: readonly Edit[],
  answers: Answers,
  seconds: number,
): Promise<number> {
  const before = answers.asked;
  const until = Date.now() + seconds * 1000;
  const client = async () => {
    while (Date.now() < until) await visit(port, edits, answers);
  };
  await Promise.all(Array.from({ length: 16 }, client));
  return (answers.asked - before) / seconds;
}
