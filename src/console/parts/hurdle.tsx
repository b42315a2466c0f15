import { Refused } from "../../api/client/refused.ts";
import { Button } from "./button.tsx";
import { ErrorNotice, Notice } from "./notice.tsx";
import { Plan } from "./plan.tsx";
import { wayOver, type Allowed } from "./way-over.ts";

interface HurdleProps {
  readonly error: unknown;
  /** Nothing is done yet by going ahead: what would come of the edit is asked for again. */
  readonly onAllow: (allowed: Allowed) => void;
}

/** Why the API holds an edit back, in its own words, and the way over it where it offers one. */
export function Hurdle({ error, onAllow }: HurdleProps) {
  const way = wayOver(error);
  if (!(error instanceof Refused) || way === undefined) return <ErrorNotice error={error} />;
  const { plan } = error.problem;
  return (
    <Notice tone="bad" title={error.message}>
      <p class="name">{error.fix}</p>
      {plan !== undefined && <Plan of={plan} />}
      <div class="row">
        <Button kind="danger" onClick={() => onAllow(way.allow)}>
          {way.says}
        </Button>
      </div>
    </Notice>
  );
}
