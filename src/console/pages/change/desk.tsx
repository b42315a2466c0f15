import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { putRoute, runAction } from "../../../api/client/edits.ts";
import { Refused } from "../../../api/client/refused.ts";
import type { Route } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { MAX_NOTE_CHARS } from "../../../api/limits.ts";
import type { ActionName } from "../../../policy/actions/names.ts";
import { client } from "../../data/client.ts";
import { mayDo } from "../../data/me.ts";
import { now } from "../../data/now.ts";
import { Hurdle, TakenBack } from "../../parts/hurdle.tsx";
import { useKeptFocus } from "../../parts/kept-focus.ts";
import { movesEverybody } from "../../parts/moves.ts";
import { Outrun } from "../../parts/outrun.tsx";
import { Plan } from "../../parts/plan.tsx";
import type { Allowed } from "../../parts/refusals.ts";
import { Warnings } from "../../parts/warnings.tsx";
import type { Branch } from "../route/tree.ts";
import { FORMS } from "./forms.tsx";
import { LEVERS } from "./levers.ts";
import { noticesOf, policyOf, type Preview } from "./plan.ts";
import { remember } from "./undo.tsx";
import type { Base } from "./use-base.ts";
import { usePreview } from "./use-preview.ts";
import { draftOf, wantedBy, type Draft, type Wanted } from "./wanted.ts";

/** Variants drawn beside each other where they are changed; of more, those that move are. */
const MAX_ORDER = 20;

const orderOf = ({ leaf }: Branch): readonly string[] =>
  leaf !== undefined && leaf.variants.length <= MAX_ORDER
    ? leaf.variants.map(({ name }) => name)
    : [];

interface OutcomeProps {
  readonly preview: Preview;
  readonly order: readonly string[];
  readonly base: Route;
  readonly takesBack: boolean;
}

/** What comes of a change, or why nothing would. */
function Outcome({ preview, order, base, takesBack }: OutcomeProps) {
  const { same, reason, warnings } = preview;
  if (same)
    return (
      <p>
        <strong>Nothing to do</strong>
        {reason === undefined ? ": the newest version says so already." : `: ${reason}.`}
      </p>
    );
  return (
    <div class="change-planned">
      {!takesBack && preview.from === base.version && <TakenBack of={preview} note={base.note} />}
      <Plan of={preview} order={order} />
      <Warnings of={warnings} />
    </div>
  );
}

interface DeskProps {
  readonly base: Route;
  readonly state: Base;
  readonly branch: Branch;
  readonly lever: ActionName;
  /** Whether the address asks for this very lever: the way to do it is then one key away. */
  readonly isAsked: boolean;
  /** What was done, which may leave this lever with nothing to do. */
  readonly onDone: (edited: Edited) => void;
  readonly children: ComponentChildren;
}

async function carryOut(
  key: string,
  wanted: Wanted,
  edit: Allowed & { from: number; note?: string | undefined },
): Promise<Edited> {
  return wanted.kind === "put"
    ? putRoute(client, key, wanted.policy, edit)
    : runAction(client, key, wanted.name, { ...edit, parameters: wanted.parameters });
}

/** One lever: its controls on one side, what comes of them on the other. */
export function Desk({ base, state, branch, lever, isAsked, onDone, children }: DeskProps) {
  const { key, version } = base;
  const { takesBack, isGrave, title, says = title, form } = LEVERS[lever];
  const [touched, setTouched] = useState<Partial<Draft>>({});
  const [allowed, setAllowed] = useState<Allowed>({});
  const [note, setNote] = useState("");
  const [typed, setTyped] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const confirm = useRef<HTMLButtonElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const at = now.value;
  const draft = { ...draftOf(branch, at), ...touched };
  const wanted = wantedBy(policyOf(base.policy), branch, lever, draft);
  const foreseen = usePreview(key, version, wanted, allowed);
  const { preview } = foreseen;
  const Form = FORMS[form];

  useLayoutEffect(() => {
    if (isAsked && takesBack) confirm.current?.focus();
  }, [isAsked, takesBack]);

  const change = (part: Partial<Draft>) => {
    setTouched((before) => ({ ...before, ...part }));
    setAllowed({});
    setTyped("");
    setError(undefined);
  };

  const mustType = preview !== undefined && !takesBack && movesEverybody(preview);
  const isKnown = preview !== undefined && !preview.same && !foreseen.isBusy;
  const mayGo = wanted !== undefined && (takesBack || (isKnown && (!mustType || typed === key)));
  const hurdle = error ?? foreseen.error;
  useKeptFocus(heading, [hurdle, allowed, state.since]);

  const go = async () => {
    if (wanted === undefined || !mayGo || isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const edited = await carryOut(key, wanted, {
        from: version,
        note: note === "" ? undefined : note,
        ...allowed,
      });
      if (!edited.unchanged) remember({ from: base, pointer: branch.pointer, made: edited });
      state.made(edited.version);
      onDone(edited);
    } catch (refused) {
      if (refused instanceof Refused && refused.status === STALE) state.outrun(refused);
      else setError(refused);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="change-desk"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <section class="card" aria-label="What to change">
        <div class="inside change-form">
          {children}
          <Form
            branch={branch}
            draft={draft}
            onDraft={change}
            mayPut={mayDo("write", key)}
            now={at}
          />
          <div class="field">
            <label htmlFor="change-note">
              Note <span class="soft">(optional)</span>
            </label>
            <input
              id="change-note"
              class="input"
              value={note}
              maxLength={MAX_NOTE_CHARS}
              onInput={({ currentTarget }) => setNote(currentTarget.value)}
            />
          </div>
        </div>
      </section>
      <section class="card" aria-label="What happens" aria-busy={foreseen.isBusy}>
        <div class="inside change-outcome">
          <h2 ref={heading} tabIndex={-1}>
            What happens
          </h2>
          {state.since === undefined ? (
            <>
              <div class="change-preview" role="status" data-busy={foreseen.isBusy}>
                {wanted === undefined && <p class="soft">Nothing is changed yet.</p>}
                {wanted !== undefined && preview === undefined && foreseen.error === undefined && (
                  <div class="skeleton change-preview-skeleton">…</div>
                )}
                {wanted !== undefined && preview !== undefined && (
                  <Outcome
                    preview={preview}
                    order={orderOf(branch)}
                    base={base}
                    takesBack={takesBack}
                  />
                )}
              </div>
              {noticesOf(branch, at).map((line) => (
                <p key={line} class="change-notice">
                  {line}
                </p>
              ))}
              {hurdle !== undefined && (
                <Hurdle
                  routeKey={key}
                  error={hurdle}
                  onAllow={(way) => {
                    setAllowed({ ...allowed, ...way });
                    setError(undefined);
                    confirm.current?.focus();
                  }}
                />
              )}
              {(allowed.override ?? allowed.allowReshuffle) === true && (
                <p class="change-notice">
                  <strong>You go ahead over what the API held back.</strong>
                </p>
              )}
              {mustType && (
                <div class="field">
                  <label htmlFor="change-typed">
                    Everybody moves. Type <code class="name">{key}</code> to go on:
                  </label>
                  <input
                    id="change-typed"
                    class="input"
                    autocomplete="off"
                    spellcheck={false}
                    value={typed}
                    onInput={({ currentTarget }) => setTyped(currentTarget.value)}
                  />
                </div>
              )}
              <div class="row">
                <button
                  ref={confirm}
                  type="submit"
                  class="button"
                  data-kind={isGrave ? "danger" : "primary"}
                  disabled={!mayGo}
                >
                  {saying(says, form === "percent" ? draft.percent : undefined)}
                </button>
                {isBusy && <span class="soft">…</span>}
              </div>
            </>
          ) : (
            <Outrun of={state.since} onLook={() => void state.look()} />
          )}
        </div>
      </section>
    </form>
  );
}

/** Somebody was quicker. */
const STALE = 412;

const saying = (says: string, percent: number | undefined): string =>
  percent === undefined ? says : `Set ${percent} %`;
