import { useState } from "preact/hooks";

import { useAsked } from "../../data/asked.ts";
import { percent } from "../../data/format.ts";
import { Badge } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { changeText, placeText } from "../../parts/changes.ts";
import { ErrorNotice } from "../../parts/notice.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Time } from "../../parts/time.tsx";
import type { Diff, Diffs } from "./diffs.ts";
import type { Entry as EntryOf } from "./timeline.ts";

/** Changes that have room in the line of an entry. */
const MAX_TOLD = 2;

/** The detail of an action that takes nothing. */
const NO_PARAMETERS = "{}";

/** What an entry did, in a line: what changed, and how many moved. */
function InShort({ of: { changes, changesLeftOut, moved, from } }: { readonly of: Diff }) {
  const more = changes.length + changesLeftOut - MAX_TOLD;
  if (from === 0) return <p class="soft">The route was made.</p>;
  return (
    <p class="history-short">
      {changes.slice(0, MAX_TOLD).map((change) => (
        <code key={change.path} class="name" title={`${change.path}: ${changeText(change)}`}>
          {placeText(change.path)} {changeText(change)}
        </code>
      ))}
      {more > 0 && <span class="soft">and {more} more</span>}
      {changes.length === 0 && <span class="soft">no difference</span>}
      <span class={moved > 0 ? "history-moved" : "soft"}>
        {moved > 0 ? `${percent(moved)} of visitors moved` : "nobody moved"}
      </span>
    </p>
  );
}

interface EntryProps {
  readonly entry: EntryOf;
  readonly diffs: Diffs;
  /** Whether what it did is told at once, or when somebody asks. */
  readonly isTold: boolean;
  readonly isNewest: boolean;
  /** Absent where one may not. */
  readonly onRollBack: ((version: number) => void) | undefined;
}

/** Who did what, when and why, and what moved. */
export function Entry({ entry, diffs, isTold, isNewest, onRollBack }: EntryProps) {
  const { at, actor, action, version, note, detail, makes } = entry;
  const [isOpen, setOpen] = useState(false);
  const { value, error } = useAsked(
    makes && (isTold || isOpen) ? `${version}` : undefined,
    async () => diffs.between(version - 1, version),
  );
  return (
    <li class="history-entry">
      <div class="history-when">
        <Time at={at} ago />
        <span class="soft">
          <Time at={at} />
        </span>
      </div>
      <div class="history-what">
        <p class="row">
          <strong class="name">{actor}</strong>
          <span>{action}</span>
          <Badge tone={isNewest ? "accent" : "none"}>
            version {version}
            {isNewest && ", newest"}
          </Badge>
        </p>
        {note !== "" && <p class="name">{note}</p>}
        {detail !== "" && detail !== NO_PARAMETERS && <p class="name soft">{detail}</p>}
        {isTold && makes && value === undefined && error === undefined && (
          <p class="skeleton history-waits" aria-busy="true">
            What changed
          </p>
        )}
        {value !== undefined && !isOpen && <InShort of={value} />}
        {isOpen && value !== undefined && <Plan of={value} isDiff />}
        {error !== undefined && isOpen && <ErrorNotice error={error} />}
      </div>
      <div class="history-do">
        {makes && (
          <Button kind="plain" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Less" : "What changed"}
            <span class="visually-hidden"> in version {version}</span>
          </Button>
        )}
        {makes && !isNewest && action !== "delete" && onRollBack !== undefined && (
          <Button onClick={() => onRollBack(version)}>
            Roll back
            <span class="visually-hidden"> to version {version}</span>
          </Button>
        )}
      </div>
    </li>
  );
}
