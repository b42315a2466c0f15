import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Changes } from "../../parts/plan.tsx";
import { Time } from "../../parts/time.tsx";
import type { Preview } from "./plan.ts";

/** What somebody else did since a page was looked at. */
export interface Since {
  readonly version: number;
  readonly author: string | undefined;
  readonly at: string | undefined;
  readonly action: string | undefined;
  readonly changes: Preview["changes"];
  readonly changesLeftOut: number;
}

interface MeanwhileProps {
  readonly since: Since;
  /** The version that this page is about. */
  readonly base: number;
  readonly onLook: () => void;
}

/** Stops a change from a page that is behind: who was quicker, what they did, and the way to go on from there. */
export function Meanwhile({ since, base, onLook }: MeanwhileProps) {
  const { version, author, at, action, changes, changesLeftOut } = since;
  return (
    <Notice tone="bad" title={`This page shows version ${base}, and the newest is ${version}`}>
      <p>
        <span class="name">{author ?? "Somebody"}</span> did <strong>{action ?? "a change"}</strong>
        {at !== undefined && (
          <>
            {" "}
            <Time at={at} ago />
          </>
        )}
        . Nothing of yours was done.
      </p>
      <Changes of={{ changes, changesLeftOut }} />
      <div class="row">
        <Button kind="primary" onClick={onLook}>
          Look again and go on
        </Button>
      </div>
    </Notice>
  );
}
