import { request } from "../../../api/client/request.ts";
import type { Issue } from "../../../lib/issue.ts";
import { readText } from "../../../policy/read-text.ts";
import { client } from "../../data/client.ts";
import { placesOf } from "./places.ts";
import type { Range } from "./tree.ts";
import { wholeTree } from "./whole-tree.ts";

/** After the last key (ms) a text is checked; for each kilobyte of it a little later, so that a long one is sent rarely. */
const QUIET_MS = 250;
const QUIET_MS_PER_KB = 2;
const KB = 1024;

/** Something wrong, or worth a warning, where it stands. */
export interface Finding extends Issue, Range {
  readonly isError: boolean;
}

/** What is known of a text. */
export type Checked =
  | { readonly state: "checking" }
  | { readonly state: "done"; readonly findings: readonly Finding[] }
  /** The API could not be asked: neither good nor bad. */
  | { readonly state: "failed"; readonly error: unknown };

type Judged = Readonly<Record<"issues" | "warnings", readonly Issue[]>>;

/** What is wrong with a text: that it is not JSON, or what the API finds, which knows its own origins and receivers. */
async function judged(text: string, signal: AbortSignal): Promise<Judged> {
  const read = readText(text);
  if (!read.ok) return { issues: read.issues, warnings: [] };
  return request(client, "validate", { body: { policy: read.value }, signal });
}

/** Where JSON ends to be JSON: what V8 says of it, else the first place that the tree has no name for. */
function brokenAt(text: string, [issue]: readonly Issue[]): Range | undefined {
  const told = /at position (\d+)/.exec(issue?.message ?? "")?.[1];
  if (told === undefined) return undefined;
  const from = Math.min(Number(told), Math.max(0, text.length - 1));
  return { from, to: Math.min(text.length, from + 1) };
}

async function placed(text: string, told: Judged, signal: AbortSignal): Promise<Finding[]> {
  const all = [
    ...told.issues.map((issue) => ({ ...issue, isError: true })),
    ...told.warnings.map((issue) => ({ ...issue, isError: false })),
  ];
  if (all.length === 0) return [];
  const tree = await wholeTree(text, signal);
  if (tree === undefined) return [];
  const slice = (from: number, to: number) => text.slice(from, to);
  const places = placesOf(
    tree,
    slice,
    all.map(({ path }) => path),
  );
  const broken = brokenAt(text, told.issues);
  return all.map((one) => ({ ...one, ...(broken ?? places.get(one.path) ?? { from: 0, to: 0 }) }));
}

/** Checks texts as they come, the newest only, and tells what it finds. `close` ends it. */
export function checker(tell: (checked: Checked, text: string) => void): {
  readonly check: (text: string) => void;
  readonly close: () => void;
} {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | undefined;

  async function look(text: string): Promise<void> {
    const mine = new AbortController();
    under = mine;
    try {
      const findings = await placed(text, await judged(text, mine.signal), mine.signal);
      if (!mine.signal.aborted) tell({ state: "done", findings }, text);
    } catch (error) {
      if (!mine.signal.aborted) tell({ state: "failed", error }, text);
    }
  }

  const end = () => {
    clearTimeout(timer);
    under?.abort();
  };
  return {
    check: (text) => {
      end();
      tell({ state: "checking" }, text);
      timer = setTimeout(() => void look(text), QUIET_MS + (text.length / KB) * QUIET_MS_PER_KB);
    },
    close: end,
  };
}
