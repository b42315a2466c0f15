import { useRef, useState } from "preact/hooks";

import { putRoute } from "../../../api/client/edits.ts";
import { Refused } from "../../../api/client/refused.ts";
import { previewRoute } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { MAX_NOTE_CHARS } from "../../../api/limits.ts";
import { useAsked } from "../../data/asked.ts";
import { client, isSignedOut, signIn } from "../../data/client.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Drifted, Hurdle, TakenBack } from "../../parts/hurdle.tsx";
import { useKeptFocus } from "../../parts/kept-focus.ts";
import { Plan } from "../../parts/plan.tsx";
import type { Allowed } from "../../parts/refusals.ts";
import { Warnings } from "../../parts/warnings.tsx";

interface ReviewProps {
  readonly routeKey: string;
  /** The version that the policy was made from; `undefined` for a route that is to be made. */
  readonly from: number | undefined;
  readonly policy: unknown;
  readonly onSaved: (edited: Edited) => void;
  /** Somebody was quicker. */
  readonly onOutdated: () => void;
  readonly onClose: () => void;
}

/** What saving would do, why it is held back if it is, and the note that goes with it. */
export function Review({ routeKey, from, policy, onSaved, onOutdated, onClose }: ReviewProps) {
  const [allowed, setAllowed] = useState<Allowed>({});
  const [refusal, setRefusal] = useState<unknown>();
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);

  const heading = useRef<HTMLHeadingElement>(null);
  const { value: preview, error = refusal } = useAsked(JSON.stringify(allowed), async () =>
    previewRoute(client, routeKey, { policy, ...allowed }),
  );
  const isHeld = preview?.drift === true && allowed.override !== true;
  useKeptFocus(heading, [error, allowed]);

  const save = async () => {
    if (isBusy || isHeld || preview === undefined || preview.same) return;
    setBusy(true);
    setRefusal(undefined);
    try {
      const said = note.trim();
      const edit = { from, ...allowed, ...(said === "" ? {} : { note: said }) };
      onSaved(await putRoute(client, routeKey, policy, edit));
    } catch (refused) {
      if (isSignedOut(refused)) signIn();
      else if (refused instanceof Refused && refused.code === "precondition-failed") onOutdated();
      else setRefusal(refused);
    } finally {
      setBusy(false);
    }
  };

  const allow = (more: Allowed) => {
    setRefusal(undefined);
    setAllowed({ ...allowed, ...more });
  };
  return (
    <Dialog labelledBy="editor-review" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id="editor-review" ref={heading} tabIndex={-1}>
          {from === undefined ? "Make" : "Save a new version of"} <bdi class="name">{routeKey}</bdi>
        </h2>
        <div class="editor-foreseen" aria-live="polite" aria-busy={preview === undefined}>
          {preview === undefined && error === undefined && (
            <p class="soft">Sending 10,000 synthetic visitors through both versions…</p>
          )}
          {preview?.same === true && <p>The newest version says the same already.</p>}
          {preview?.same === false && <Plan of={preview} />}
          {preview !== undefined && <TakenBack of={preview} />}
          {isHeld && <Drifted onAllow={allow} />}
          {preview !== undefined && <Warnings of={preview.warnings} />}
          {error !== undefined && <Hurdle routeKey={routeKey} error={error} onAllow={allow} />}
        </div>
        <div class="field">
          <label htmlFor="editor-note">Why (kept in the history)</label>
          <input
            id="editor-note"
            class="input"
            value={note}
            maxLength={MAX_NOTE_CHARS}
            autocomplete="off"
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </div>
        <div class="row">
          <Button
            kind="primary"
            type="submit"
            disabled={isHeld || preview === undefined || preview.same}
          >
            {from === undefined ? "Make this route" : `Save as version ${from + 1}`}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
