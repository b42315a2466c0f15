import { Refused } from "../../api/client/refused.ts";

/** What one goes ahead over, deliberately. */
export interface Allowed {
  readonly override?: true;
  readonly allowReshuffle?: true;
}

/** How one goes ahead over a refusal. */
interface Way {
  readonly allow: Allowed;
  readonly says: string;
}

const over = (says: string): Way => ({ allow: { override: true }, says });

/** The refusals that one may go ahead over, as the API offers it. */
const WAYS: Readonly<Record<string, Way>> = {
  drift: over("Replace what KV has"),
  "taken-back": over("Bring it back all the same"),
  "guard-acted": over("Override the guard"),
  "gateway-too-old": over("Go ahead all the same"),
  reshuffle: { allow: { allowReshuffle: true }, says: "Draw them anew all the same" },
};

/** The way over a refusal; `undefined` where the API offers none. Pure. */
export const wayOver = (error: unknown): Way | undefined =>
  error instanceof Refused ? WAYS[error.code ?? ""] : undefined;
