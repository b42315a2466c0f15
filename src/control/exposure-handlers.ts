import * as v from "valibot";

import { LINES } from "../api/definition.ts";
import { DigestSchema } from "../api/goals.ts";
import type { ExposurePage } from "../report/answers.ts";
import { ApiError, COMMON_HEADERS } from "./api-error.ts";
import { json, keyOf, withLedger, type Call } from "./call.ts";
import { withHub } from "./hub.ts";
import { demandRoute } from "./known-route.ts";

/** Lines that are asked for at a time: about a megabyte, so that a sample of 200 000 takes forty calls. */
const LINES_PER_PAGE = 5000;

/** The text of all pages, each asked for when the one before is gone. */
async function* textFrom(
  first: ExposurePage,
  pageAfter: (after: string) => Promise<ExposurePage | undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for (let page = first; ;) {
    const text = page.lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (text !== "") yield encoder.encode(text);
    if (page.next === null) return;
    const following = await pageAfter(page.next);
    // Thrown, so that the answer breaks off, and nobody takes what came for the whole.
    if (following === undefined) throw new Error("the hub has lost the route");
    page = following;
  }
}

/** A body of pieces that are made as they are sent, and no longer where nobody takes them. */
function streamOf(pieces: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The sample, a line for each visitor and experiment. Where the hub fails on the way, the answer breaks off. */
export async function exposures(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const pageAfter = async (after: string | null) =>
    withHub(call, key, async (hub) => hub.exposures(key, after, LINES_PER_PAGE));
  const first = (await pageAfter(null)) ?? { lines: [], next: null };
  if (first.lines.length === 0 && first.next === null) await demandRoute(call, key);
  return new Response(streamOf(textFrom(first, pageAfter)), {
    headers: { ...COMMON_HEADERS, "content-type": LINES },
  });
}

/** Deletes all that the hub keeps of a visitor of this route. Who asked is written down, the digest is not. */
export async function forgetVisitor(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const digest = call.params["digest"] ?? "";
  if (!v.is(DigestSchema, digest))
    throw new ApiError(
      "digest-invalid",
      'a digest has 16 hexadecimal digits in lower case, for example "0123456789abcdef"',
    );
  const forgotten = await withHub(call, key, async (hub) => hub.forget(key, digest));
  if (!forgotten) await demandRoute(call, key);
  const entry = { actor: call.caller.name, action: "forget", note: "", detail: "" } as const;
  await withLedger(call, key, async (ledger) => ledger.note(entry));
  return json({ route: key, digest, forgotten });
}
