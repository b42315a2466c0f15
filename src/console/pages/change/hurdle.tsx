import { Refused } from "../../../api/client/refused.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { Planned } from "./planned.tsx";
import type { Allowed } from "./use-preview.ts";

interface Way {
  readonly allow: Allowed;
  readonly says: string;
}

const OVER: Way = { allow: { override: true }, says: "Override it" };

/** The refusals that one may go ahead over, as the API offers it. */
const WAYS: Readonly<Record<string, Way>> = {
  drift: OVER,
  "taken-back": OVER,
  "guard-acted": OVER,
  reshuffle: { allow: { allowReshuffle: true }, says: "Draw them anew all the same" },
};

interface HurdleProps {
  readonly error: unknown;
  readonly onAllow: (allowed: Allowed) => void;
}

/** Why the API holds a change back, in its own words, and the way over it where it offers one: nothing is done yet by taking that. */
export function Hurdle({ error, onAllow }: HurdleProps) {
  const way = error instanceof Refused ? WAYS[error.code ?? ""] : undefined;
  if (!(error instanceof Refused) || way === undefined) return <ErrorNotice error={error} />;
  const { plan } = error.problem;
  return (
    <Notice tone="bad" title={error.message}>
      <p class="name">{error.fix}</p>
      {plan !== undefined && <Planned preview={plan} />}
      <div class="row">
        <Button kind="danger" onClick={() => onAllow(way.allow)}>
          {way.says}
        </Button>
      </div>
    </Notice>
  );
}
