import { useEffect, useState } from "preact/hooks";

import type { AnswerOf } from "../../../api/client/ask.ts";
import { putRoute } from "../../../api/client/edits.ts";
import { Refused } from "../../../api/client/refused.ts";
import { previewRoute } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { MAX_NOTE_CHARS } from "../../../api/limits.ts";
import { client, isSignedOut, signIn } from "../../data/client.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Hurdle } from "../../parts/hurdle.tsx";
import { Notice } from "../../parts/notice.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Warnings } from "../../parts/warnings.tsx";
import type { Allowed } from "../../parts/way-over.ts";

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

interface Asked {
  readonly preview?: AnswerOf<"preview">;
  readonly error?: unknown;
}

/** What saving would do, why it is held back if it is, and the note that goes with it. */
export function Review({ routeKey, from, policy, onSaved, onOutdated, onClose }: ReviewProps) {
  const [allowed, setAllowed] = useState<Allowed>({});
  const [asked, setAsked] = useState<Asked>({});
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    let isWanted = true;
    setAsked({});
    previewRoute(client, routeKey, { policy, ...allowed }).then(
      (preview) => isWanted && setAsked({ preview }),
      (error: unknown) => isWanted && setAsked({ error }),
    );
    return () => {
      isWanted = false;
    };
  }, [routeKey, policy, allowed]);

  const save = async () => {
    setBusy(true);
    try {
      const said = note.trim();
      const edit = { from, ...allowed, ...(said === "" ? {} : { note: said }) };
      onSaved(await putRoute(client, routeKey, policy, edit));
    } catch (error) {
      if (isSignedOut(error)) signIn();
      else if (error instanceof Refused && error.code === "precondition-failed") onOutdated();
      else setAsked({ error });
    } finally {
      setBusy(false);
    }
  };

  const { preview, error } = asked;
  const isHeld = preview?.drift === true && allowed.override !== true;
  return (
    <Dialog labelledBy="editor-review" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2 id="editor-review">
          {from === undefined ? "Make" : "Save a new version of"} <bdi class="name">{routeKey}</bdi>
        </h2>
        <div class="editor-foreseen" aria-live="polite" aria-busy={preview === undefined}>
          {preview === undefined && error === undefined && (
            <p class="soft">Sending 10,000 synthetic visitors through both versions…</p>
          )}
          {preview?.same === true && <p>The newest version says the same already.</p>}
          {preview?.same === false && <Plan of={preview} />}
          {isHeld && (
            <Notice tone="warn" title="KV was changed by something other than this API">
              <p>Saving replaces what is there; the history keeps it.</p>
              <Button kind="danger" onClick={() => setAllowed({ ...allowed, override: true })}>
                Replace what KV has
              </Button>
            </Notice>
          )}
          {preview !== undefined && <Warnings of={preview.warnings} />}
          {error !== undefined && (
            <Hurdle error={error} onAllow={(more) => setAllowed({ ...allowed, ...more })} />
          )}
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
            disabled={isBusy || isHeld || preview === undefined || preview.same}
          >
            {from === undefined ? "Make this route" : `Save as version ${from + 1}`}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
