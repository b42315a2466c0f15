import { openVisit, type OpenVisit, type VisitOptions } from "../../support/jar.ts";

/** An answer as the tables of these tests put it. */
export interface Seen {
  /** The status, then the problem's code, or `cut off` where the body breaks. */
  readonly answer: string;
  /** `X-Variant`: who answered, or was asked last. */
  readonly by: string | undefined;
  /** `X-Rescued-From`: in whose place. */
  readonly insteadOf: string | undefined;
  readonly text: string;
  /** Milliseconds to the head. */
  readonly headMs: number;
  readonly head: OpenVisit;
}

/** One visit, whatever comes of it. Rejects only where not even a head comes. */
export async function see(url: string, options: VisitOptions = {}): Promise<Seen> {
  const begin = performance.now();
  const head = await openVisit(url, options);
  const headMs = performance.now() - begin;
  const { text, isWhole } = await read(head);
  const isProblem = head.header("content-type") === "application/problem+json";
  const more = isProblem ? ` ${(JSON.parse(text) as { code: string }).code}` : "";
  return {
    answer: `${head.status}${more}${isWhole ? "" : ", cut off"}`,
    by: head.header("x-variant"),
    insteadOf: head.header("x-rescued-from"),
    text,
    headMs,
    head,
  };
}

async function read({ stream }: OpenVisit): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return { text: Buffer.concat(chunks).toString(), isWhole: true };
  } catch {
    return { text: Buffer.concat(chunks).toString(), isWhole: false };
  }
}
