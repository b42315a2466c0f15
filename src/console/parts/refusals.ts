import type { COMMON_PROBLEMS } from "../../api/problems.ts";
import type { CONTRACT, OperationId } from "../../api/operations.ts";
import { Refused } from "../../api/client/refused.ts";
import { Failure } from "../../lib/failure.ts";

/** What one goes ahead over, deliberately. */
export interface Allowed {
  readonly override?: true;
  readonly allowReshuffle?: true;
}

/** How one goes ahead over a refusal, and what comes of it. */
export interface Way {
  readonly kind: "over";
  readonly allow: Allowed;
  readonly title: string;
  /** On the button. */
  readonly says: string;
  readonly consequence: string;
}

/** Another way on, in words. */
interface Advice {
  readonly kind: "advice";
  readonly fix: string;
  /** Whether the route's history tells more: what was done stands there. */
  readonly toHistory: boolean;
}

/** What the console makes of a refusal: for `outrun` it tells who was quicker, and looks again; for `mend` the API's own words are all there is to say. */
export type Answer = Way | Advice | { readonly kind: "outrun" } | { readonly kind: "mend" };

const over = (title: string, says: string, consequence: string): Way => ({
  kind: "over",
  allow: { override: true },
  title,
  says,
  consequence,
});

const advice = (fix: string, toHistory = false): Advice => ({ kind: "advice", fix, toHistory });

const MEND: Answer = { kind: "mend" };

/** The page asked what no page of the API's own release asks. */
const ELSE = advice("Load the page again: it and the API do not understand each other.");

/** Nobody knows what became of it. */
const UNSURE = advice(
  "It may have been done all the same: the history tells. If it was not, do it again.",
  true,
);

const GONE = advice(
  "It was deleted, or it never was. The history brings back what was deleted.",
  true,
);

/** What makes an edit, or says what one would do. */
type EditOperation = {
  [TId in OperationId]: (typeof CONTRACT)[TId] extends { readonly edits: true } ? TId : never;
}[OperationId];

type Met<TId extends OperationId> = (typeof CONTRACT)[TId] extends {
  readonly problems: readonly (infer TCode extends string)[];
}
  ? TCode
  : never;

/** Every problem that an edit, or its preview, may meet. */
export type EditProblem = Met<EditOperation> | Met<"preview"> | (typeof COMMON_PROBLEMS)[number];

/** What only a page of another release than the API's meets, or one that did not ask as a page does. */
type Unasked =
  | "not-found"
  | "query-invalid"
  | "key-invalid"
  | "header-invalid"
  | "cross-site"
  | "method-not-allowed"
  | "unsupported-media-type"
  | "precondition-required"
  | "idempotency-mismatch";

/** What the console says of each problem that an edit may meet, and the way on; whoever adds a problem adds its words here, or it does not compile. */
export const ANSWERS = {
  "guard-acted": over(
    "A guard took back what this would give again",
    "Override the guard",
    "What it found may still be so. The guard watches on from zero, and takes it back again if it finds the same.",
  ),
  "taken-back": over(
    "Somebody took back what this would give again",
    "Bring it back all the same",
    "Ask them first: they had a reason.",
  ),
  drift: over(
    "KV has something that this API did not write",
    "Replace what KV has",
    "It serves visitors now, and would be gone. The overview shows it, and can adopt it.",
  ),
  "gateway-too-old": over(
    "A gateway that serves does not know all of this",
    "Go ahead all the same",
    "Older gateways keep the policy they have, and answer 503 where they have none. Deploy the gateway first, or wait.",
  ),
  reshuffle: {
    kind: "over",
    allow: { allowReshuffle: true },
    title: "Visitors would be drawn anew without need",
    says: "Draw them anew all the same",
    consequence:
      "Many get another variant than before, and what was measured before does not go with what comes.",
  },
  "precondition-failed": { kind: "outrun" },
  "route-not-found": GONE,
  "version-not-found": GONE,
  "policy-refused": MEND,
  "action-refused": MEND,
  "body-invalid": MEND,
  "body-too-large": MEND,
  "no-drift": advice("Somebody has ended it already: load the page again."),
  forbidden: advice("Ask whoever runs this for a token whose role and scope allow it."),
  unauthorized: advice("Load the page again, and sign in."),
  "too-many-requests": advice("Nothing was done. Wait a minute, and do it again."),
  "kv-unavailable": UNSURE,
  "ledger-unavailable": UNSURE,
  "internal-error": UNSURE,
  unreachable: UNSURE,
  "ledger-full": advice(
    "Nothing was done. Whoever runs this can put the policy to KV by hand: docs/control-api.md says how.",
  ),
} as const satisfies Readonly<Record<Exclude<EditProblem, Unasked> | "unreachable", Answer>>;

const ALL: Readonly<Record<string, Answer>> = ANSWERS;

/** What the console makes of an error; `undefined` where it is one of its own. Pure. */
export function answerTo(error: unknown): Answer | undefined {
  if (!(error instanceof Failure)) return undefined;
  return ALL[error.code ?? ""] ?? (error instanceof Refused ? ELSE : advice(error.fix));
}
