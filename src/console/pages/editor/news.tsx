import type { Route } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { Button } from "../../parts/button.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Time } from "../../parts/time.tsx";
import type { Draft } from "./drafts.ts";

/** What came of saving. */
export function Saved({ edited: { version, published, unchanged } }: { readonly edited: Edited }) {
  if (unchanged) return <Notice tone="none" title="Nothing had to be saved" />;
  return (
    <Notice tone="good" title={`Version ${version} is saved`}>
      <p>
        {published >= version
          ? "It is published: every visitor is served by it within seconds."
          : `KV still has version ${published}, and will have this one soon.`}
      </p>
    </Notice>
  );
}

interface RestoredProps {
  readonly draft: Draft;
  readonly onDiscard: () => void;
}

/** A text that was not saved the last time is here again. */
export function Restored({ draft, onDiscard }: RestoredProps) {
  return (
    <Notice tone="none" title="What you had not saved is here again">
      <p class="row">
        <span>
          Last changed <Time at={draft.at} ago />.
        </span>
        <Button onClick={onDiscard}>Throw it away</Button>
      </p>
    </Notice>
  );
}

interface MeanwhileProps {
  readonly newest: Route;
  readonly isDirty: boolean;
  readonly onTake: () => void;
}

/** Somebody made a version while this one was looked at. */
export function Meanwhile({ newest, isDirty, onTake }: MeanwhileProps) {
  const { author, version, action, at, note } = newest;
  return (
    <Notice tone="warn" title={`Version ${version} was made meanwhile`}>
      <p class="row">
        <span class="name">
          By {author ?? "somebody"}
          {action !== null && <> ({action})</>}
          {at !== null && (
            <>
              , <Time at={at} ago />
            </>
          )}
          {note !== "" && <>: {note}</>}
        </span>
        <Button onClick={onTake}>{isDirty ? "Bring both together…" : "Show it"}</Button>
      </p>
    </Notice>
  );
}
