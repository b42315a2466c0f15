import { useState } from "preact/hooks";

import type { Edited } from "../../../api/edited.ts";
import { rollbackRoute } from "../../../api/client/edits.ts";
import { previewRoute } from "../../../api/client/reads.ts";
import { MAX_NOTE_CHARS } from "../../../api/limits.ts";
import { useAsked } from "../../data/asked.ts";
import { client, isSignedOut, signIn } from "../../data/client.ts";
import { percent } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { Plan } from "../../parts/plan.tsx";
import { leaveFor, movesEverybody, NO_LEAVE, type Preview } from "./roll-back.ts";

/** Who moves, and what one would want to be told before. */
function Before({ preview }: { readonly preview: Preview }) {
  return (
    <>
      <p>
        {preview.same ? (
          "The newest version says the same already."
        ) : (
          <>
            <strong>{percent(preview.moved)} of visitors move</strong>
            {preview.reshuffled > 0 && `, ${percent(preview.reshuffled)} are drawn anew`}. A new
            version is made; nothing of the history is lost.
          </>
        )}
      </p>
      {preview.warnings.map(({ path, message, fix }) => (
        <Notice key={`${path} ${message}`} tone="warn" title={`${path} ${message}`}>
          <p>{fix}</p>
        </Notice>
      ))}
      <div class="history-plan">
        <Plan of={preview} />
      </div>
    </>
  );
}

interface RollBackDialogProps {
  readonly routeKey: string;
  readonly version: number;
  readonly onClose: () => void;
  readonly onDone: (edited: Edited) => void;
}

/** Makes an earlier version the newest, after it has shown who moves. */
export function RollBackDialog({ routeKey, version, onClose, onDone }: RollBackDialogProps) {
  const [leave, setLeave] = useState(NO_LEAVE);
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<unknown>();
  const [isDoing, setDoing] = useState(false);
  const { value: preview, error } = useAsked(
    `${routeKey} ${version} ${JSON.stringify(leave)}`,
    async () => previewRoute(client, routeKey, { version, ...leave }),
  );
  const fault = refusal ?? error;
  const asks = leaveFor(fault);
  const isNamed = preview !== undefined && movesEverybody(preview);
  const isReady = preview !== undefined && !preview.same && !isDoing;

  async function rollBack({ from }: Preview): Promise<void> {
    setDoing(true);
    setRefusal(undefined);
    try {
      const edit = { from: from === 0 ? undefined : from, note, ...leave };
      onDone(await rollbackRoute(client, routeKey, { ...edit, version }));
    } catch (reason) {
      if (isSignedOut(reason)) signIn();
      setRefusal(reason);
      setDoing(false);
    }
  }

  return (
    <Dialog labelledBy="history-roll-back" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && (!isNamed || typed === routeKey)) void rollBack(preview);
        }}
      >
        <h2 id="history-roll-back">
          Roll back to version {version} of <span class="name">{routeKey}</span>
        </h2>
        {preview === undefined && fault === undefined && (
          <p class="skeleton history-looking" aria-busy="true">
            Who moves
          </p>
        )}
        {preview !== undefined && <Before preview={preview} />}
        {fault !== undefined && <ErrorNotice error={fault} />}
        {asks !== undefined && (
          <label class="row">
            <input
              type="checkbox"
              checked={leave[asks.name]}
              onChange={({ currentTarget }) => {
                setRefusal(undefined);
                setLeave({ ...leave, [asks.name]: currentTarget.checked });
              }}
            />
            {asks.words}
          </label>
        )}
        <div class="field">
          <label htmlFor="history-note">Why, for those who read the history</label>
          <input
            id="history-note"
            class="input"
            type="text"
            value={note}
            maxLength={MAX_NOTE_CHARS}
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
          />
        </div>
        {isNamed && (
          <div class="field">
            <label htmlFor="history-key">
              Everybody moves. Type <code class="name">{routeKey}</code> to go on
            </label>
            <input
              id="history-key"
              class="input"
              type="text"
              value={typed}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </div>
        )}
        <div class="row">
          <Button
            kind="primary"
            type="submit"
            disabled={!isReady || (isNamed && typed !== routeKey)}
          >
            Roll back
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
