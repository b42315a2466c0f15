import "./undo.css";

import { signal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";

import { rollbackRoute, runAction } from "../../../api/client/edits.ts";
import type { Route } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import type { Pointer } from "../../../policy/locate.ts";
import { routeAddress } from "../../data/addresses.ts";
import { client } from "../../data/client.ts";
import { mayDo } from "../../data/me.ts";
import { now } from "../../data/now.ts";
import { Button } from "../../parts/button.tsx";
import { Hurdle } from "../../parts/hurdle.tsx";
import { useKeptFocus } from "../../parts/kept-focus.ts";
import type { Allowed } from "../../parts/refusals.ts";
import { Time } from "../../parts/time.tsx";
import { WhoDid } from "../../parts/who-did.tsx";
import { LEVERS } from "./levers.ts";
import { policyOf } from "./plan.ts";
import { wayBack, type WayBack } from "./way-back.ts";

/** What this page did last to a route. */
interface Change {
  /** The version before it. */
  readonly from: Route;
  readonly pointer: Pointer;
  readonly made: Edited;
  /** What undid it: told on whatever page of the route is open by then. */
  readonly undone?: Edited;
}

/** By the route's key; for as long as the console stays open. */
const changes = signal<ReadonlyMap<string, Change>>(new Map());

/** Remembers what was done, so that one button undoes it. */
export function remember(change: Change): void {
  changes.value = new Map([...changes.value, [change.from.key, change]]);
}

function forget(key: string): void {
  changes.value = new Map([...changes.value].filter(([one]) => one !== key));
}

/** A version as what an action may know of it. */
const pastOf = ({ policy, at, action }: Route) => ({
  policy: policyOf(policy),
  at: at === null ? 0 : Date.parse(at),
  action: action ?? "",
});

/** How who looks may undo it: by putting back the version before, or by an action that comes to the same. */
function wayFor({ from, pointer, made }: Change, newest: Route): "rollback" | WayBack | undefined {
  if (mayDo("write", from.key)) return "rollback";
  if (newest.version !== made.version || newest.policy === null || !mayDo("operate", from.key))
    return undefined;
  const step = { pointer, before: pastOf(from), after: pastOf(newest) };
  return wayBack(step, now.peek());
}

interface UndoProps {
  /** The newest version, as far as the page knows: what others did since is not undone with it. */
  readonly newest: Route;
  readonly onMade: (version: number) => void;
}

/** The last change that this page made to a route, and the button that undoes it, or why there is none. */
export function Undo({ newest, onMade }: UndoProps) {
  const { key } = newest;
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const told = useRef<HTMLDivElement>(null);
  const change = changes.value.get(key);
  const undone = change?.undone;
  useKeptFocus(told, [undone, error]);
  if (undone !== undefined)
    return newest.version > undone.version ? null : (
      <div class="undo" role="status" ref={told} tabIndex={-1}>
        <span aria-hidden="true">✓</span> Undone: version {undone.version} has again what stood
        before.
      </div>
    );
  if (change === undefined) return null;
  const { from, made } = change;
  const isOver = newest.version > made.version;
  const way = wayFor(change, newest);
  const undo = async (allowed: Allowed = {}) => {
    if (isBusy || way === undefined) return;
    setBusy(true);
    setError(undefined);
    const edit = { from: made.version, note: `undo of version ${made.version}`, ...allowed };
    try {
      const edited =
        way === "rollback"
          ? await rollbackRoute(client, key, { ...edit, version: from.version })
          : await runAction(client, key, way.name, { ...edit, parameters: way.parameters });
      remember({ ...change, undone: edited });
      onMade(edited.version);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="undo" role="status" ref={told} tabIndex={-1}>
      <span>
        You did <strong>{made.action}</strong> <Time at={made.at} ago />: version {made.version}.
      </span>
      {isOver ? (
        <span>
          After that <WhoDid of={newest} /> To undo yours would undo theirs:{" "}
          <a href={routeAddress(key, "history")}>see the history</a>.{" "}
          <Button kind="plain" onClick={() => forget(key)}>
            Good
          </Button>
        </span>
      ) : way === undefined ? (
        newest.version === made.version && (
          <span>
            To undo this takes a token that may write: no action brings back what stood before.
          </span>
        )
      ) : (
        <>
          <Button onClick={() => void undo()}>Undo</Button>
          {way !== "rollback" && <span class="soft">by “{LEVERS[way.name].title}”</span>}
        </>
      )}
      {error !== undefined && !isOver && (
        <Hurdle
          routeKey={key}
          error={error}
          onAllow={(allowed) => void undo(allowed)}
          onLook={() => onMade(made.version)}
        />
      )}
    </div>
  );
}
