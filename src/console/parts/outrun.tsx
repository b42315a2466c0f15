import type { Problem } from "../../api/problems.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";
import { Changes } from "./plan.tsx";
import { WhoDid, type Authored } from "./who-did.tsx";

/** What somebody else did since a page was looked at. */
export interface Since extends Authored {
  /** The version that the page was about, where it is known. */
  readonly since?: number | undefined;
  readonly changes: NonNullable<Problem["changes"]>;
  readonly changesLeftOut: number;
}

/** What a refusal tells of the version that came in between. Pure. */
export function sinceOf(problem: Problem): Since {
  const { current = 0, since, author, at, action, changes = [], changesLeftOut = 0 } = problem;
  return { version: current, since, author, at, action, changes, changesLeftOut };
}

interface OutrunProps {
  readonly of: Since;
  /** Absent where the page looks again by itself. */
  readonly onLook?: (() => void) | undefined;
}

/** Stops a change from a page that is behind: who was quicker, what they did, and the way to go on from there. */
export function Outrun({ of, onLook }: OutrunProps) {
  const { version, since, author, changes, changesLeftOut } = of;
  const behind =
    since === undefined
      ? `The newest version is ${version}`
      : `This page shows version ${since}, and the newest is ${version}`;
  return (
    <Notice tone="bad" title={version === 0 ? "The route is not as it was" : behind}>
      <p>{author !== undefined && <WhoDid of={of} />} Nothing of yours was done.</p>
      {(changes.length > 0 || changesLeftOut > 0) && <Changes of={{ changes, changesLeftOut }} />}
      {onLook !== undefined && (
        <div class="row">
          <Button kind="primary" onClick={onLook}>
            Look again and go on
          </Button>
        </div>
      )}
    </Notice>
  );
}
