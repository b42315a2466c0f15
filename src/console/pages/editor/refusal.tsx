import { Refused } from "../../../api/client/refused.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { Foreseen } from "./foreseen.tsx";

/** What one goes ahead over, deliberately. */
export interface Allowed {
  readonly override?: true;
  readonly allowReshuffle?: true;
}

/** The refusals that one may go ahead over, and in which words. */
const WAYS: Readonly<Record<string, { readonly allow: Allowed; readonly says: string }>> = {
  drift: { allow: { override: true }, says: "Write over what KV has" },
  "taken-back": { allow: { override: true }, says: "Bring it again" },
  "guard-acted": { allow: { override: true }, says: "Give it back all the same" },
  reshuffle: { allow: { allowReshuffle: true }, says: "Draw them anew all the same" },
};

interface RefusalProps {
  readonly error: unknown;
  /** Nothing is saved by going ahead: the preview is asked for again. */
  readonly onAllow: (allowed: Allowed) => void;
}

/** Why the API holds an edit back, in its own words, and the way over it where there is one. */
export function Refusal({ error, onAllow }: RefusalProps) {
  const way = error instanceof Refused ? WAYS[error.code ?? ""] : undefined;
  if (!(error instanceof Refused) || way === undefined) return <ErrorNotice error={error} />;
  const { plan } = error.problem;
  return (
    <Notice tone="bad" title={error.message}>
      <p class="name">{error.fix}</p>
      {plan !== undefined && <Foreseen plan={plan} />}
      <p>
        <Button kind="danger" onClick={() => onAllow(way.allow)}>
          {way.says}
        </Button>
      </p>
    </Notice>
  );
}
