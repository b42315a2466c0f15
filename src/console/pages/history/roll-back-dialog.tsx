import { useRef, useState } from "preact/hooks";

import type { Edited } from "../../../api/edited.ts";
import { rollbackRoute } from "../../../api/client/edits.ts";
import { previewRoute } from "../../../api/client/reads.ts";
import { MAX_NOTE_CHARS } from "../../../api/limits.ts";
import { useAsked } from "../../data/asked.ts";
import { client, isSignedOut, signIn } from "../../data/client.ts";
import { percent } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Hurdle, TakenBack } from "../../parts/hurdle.tsx";
import { useKeptFocus } from "../../parts/kept-focus.ts";
import { movesEverybody } from "../../parts/moves.ts";
import { Plan } from "../../parts/plan.tsx";
import type { Allowed } from "../../parts/refusals.ts";
import { Warnings } from "../../parts/warnings.tsx";

type Preview = Awaited<ReturnType<typeof previewRoute>>;

/** Who moves, and what one would want to be told before. */
function Before({ preview }: { readonly preview: Preview }) {
  if (preview.same) return <p>The newest version says the same already.</p>;
  return (
    <>
      <p>
        <strong>{percent(preview.moved)} of visitors move</strong>
        {preview.reshuffled > 0 && `, ${percent(preview.reshuffled)} are drawn anew`}. A new version
        is made; nothing of the history is lost.
      </p>
      <TakenBack of={preview} />
      <Warnings of={preview.warnings} />
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
  const [allowed, setAllowed] = useState<Allowed>({});
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const [refusal, setRefusal] = useState<unknown>();
  const [isDoing, setDoing] = useState(false);
  const [looks, setLooks] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const { value: preview, error } = useAsked(
    `${routeKey} ${version} ${looks} ${JSON.stringify(allowed)}`,
    async () => previewRoute(client, routeKey, { version, ...allowed }),
  );
  const fault = refusal ?? error;
  const isNamed = preview !== undefined && movesEverybody(preview);
  const isReady = preview !== undefined && !preview.same && (!isNamed || typed === routeKey);
  useKeptFocus(heading, [fault, allowed, looks]);

  async function rollBack({ from }: Preview): Promise<void> {
    setDoing(true);
    setRefusal(undefined);
    try {
      const edit = { from: from === 0 ? undefined : from, note, ...allowed };
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
          if (isReady && !isDoing) void rollBack(preview);
        }}
      >
        <h2 id="history-roll-back" ref={heading} tabIndex={-1}>
          Roll back to version {version} of <span class="name">{routeKey}</span>
        </h2>
        {preview === undefined && fault === undefined && (
          <p class="skeleton history-looking" aria-busy="true">
            Who moves
          </p>
        )}
        {preview !== undefined && <Before preview={preview} />}
        {fault !== undefined && (
          <Hurdle
            routeKey={routeKey}
            error={fault}
            onAllow={(more) => {
              setRefusal(undefined);
              setAllowed({ ...allowed, ...more });
            }}
            onLook={() => {
              setRefusal(undefined);
              setTyped("");
              setLooks(looks + 1);
            }}
          />
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
          <Button kind="primary" type="submit" disabled={!isReady}>
            Roll back
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
