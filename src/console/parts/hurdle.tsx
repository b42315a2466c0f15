import type { AnswerOf } from "../../api/client/ask.ts";
import { Refused } from "../../api/client/refused.ts";
import type { Problem } from "../../api/problems.ts";
import { Failure } from "../../lib/failure.ts";
import { routeAddress } from "../data/addresses.ts";
import { Button } from "./button.tsx";
import { ErrorNotice, Notice } from "./notice.tsx";
import { Outrun, sinceOf } from "./outrun.tsx";
import { Plan } from "./plan.tsx";
import { ANSWERS, answerTo, type Allowed, type Way } from "./refusals.ts";
import { WhoDid } from "./who-did.tsx";

/** What the API tells beside a refusal: who did what before, what a guard had found, which words are too new, who would move. */
function Details({ of }: { readonly of: Problem }) {
  const { current, author, evidence, variant, issues = [], plan } = of;
  return (
    <>
      {author !== undefined && (
        <p>
          <WhoDid of={{ ...of, version: current ?? 0 }} />
          {variant !== undefined && (
            <>
              {" "}
              It took visitors from <bdi class="name">{variant}</bdi>.
            </>
          )}
        </p>
      )}
      {evidence !== undefined && <p class="name">It had found: {evidence}</p>}
      {issues.map(({ path, message }) => (
        <p key={`${path} ${message}`} class="name">
          <code>{path}</code> {message}
        </p>
      ))}
      {plan !== undefined && <Plan of={plan} />}
    </>
  );
}

interface OverProps {
  readonly way: Way;
  readonly told?: Problem | undefined;
  readonly onAllow: ((allowed: Allowed) => void) | undefined;
}

function Over({ way, told, onAllow }: OverProps) {
  return (
    <Notice tone="bad" title={way.title}>
      {told !== undefined && <Details of={told} />}
      <p>{way.consequence}</p>
      {onAllow !== undefined && (
        <div class="row">
          <Button kind="danger" onClick={() => onAllow(way.allow)}>
            {way.says}
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** That KV was changed by hand, told before an edit meets it. */
export function Drifted({ onAllow }: { readonly onAllow: (allowed: Allowed) => void }) {
  return <Over way={ANSWERS.drift} onAllow={onAllow} />;
}

interface HurdleProps {
  readonly routeKey: string;
  readonly error: unknown;
  /** Nothing is done yet by going ahead: what would come of the edit is asked for again. */
  readonly onAllow?: (allowed: Allowed) => void;
  /** Takes up what somebody else did meanwhile. */
  readonly onLook?: () => void;
}

/** Why an edit was not made, what that means, and the way on: over it, where the API offers one, or another. */
export function Hurdle({ routeKey, error, onAllow, onLook }: HurdleProps) {
  const answer = answerTo(error);
  if (!(error instanceof Failure) || answer === undefined || answer.kind === "mend")
    return <ErrorNotice error={error} />;
  const told = error instanceof Refused ? error.problem : undefined;
  if (answer.kind === "advice")
    return (
      <Notice tone="bad" title={error.message}>
        <p>{answer.fix}</p>
        {answer.toHistory && (
          <div class="row">
            <a class="button" href={routeAddress(routeKey, "history")}>
              See the history
            </a>
          </div>
        )}
      </Notice>
    );
  if (answer.kind === "outrun") return told && <Outrun of={sinceOf(told)} onLook={onLook} />;
  return <Over way={answer} told={told} onAllow={onAllow} />;
}

interface TakenBackProps {
  readonly of: Pick<AnswerOf<"preview">, "takenBack" | "from" | "same">;
  /** Why they did it, where that is known. */
  readonly note?: string;
}

/** Tells who took something back last, to somebody who is about to change what is left of it. */
export function TakenBack({ of: { takenBack, from, same }, note = "" }: TakenBackProps) {
  if (same || takenBack === null || takenBack.version !== from) return null;
  return (
    <Notice tone="warn" title="Something was taken back here last">
      <p>
        <WhoDid of={takenBack} />
        {note !== "" && <span class="name"> “{note}”</span>} Look at what moves: this may give it
        again.
      </p>
    </Notice>
  );
}
