import "./undo.css";

import { signal } from "@preact/signals";
import { useState } from "preact/hooks";

import { rollbackRoute } from "../../../api/client/edits.ts";
import type { Edited } from "../../../api/edited.ts";
import { client } from "../../data/client.ts";
import { mayDo } from "../../data/me.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNotice } from "../../parts/notice.tsx";
import { Time } from "../../parts/time.tsx";

/** What this page did last to a route. */
interface Deed {
  /** The version before it. */
  readonly from: number;
  readonly made: Edited;
}

/** By the route's key; for as long as the console stays open. */
const deeds = signal<ReadonlyMap<string, Deed>>(new Map());

/** Remembers what was done, so that one button undoes it. */
export function remember(key: string, from: number, made: Edited): void {
  deeds.value = new Map([...deeds.value, [key, { from, made }]]);
}

function forget(key: string): void {
  deeds.value = new Map([...deeds.value].filter(([one]) => one !== key));
}

interface UndoProps {
  readonly routeKey: string;
  /** The newest version, as far as the page knows: what others did since is not undone with it. */
  readonly newest: number;
  readonly onMade: (version: number) => void;
}

/** The last change that this page made to a route, and the button that undoes it. */
export function Undo({ routeKey, newest, onMade }: UndoProps) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [undone, setUndone] = useState<Edited>();
  const deed = deeds.value.get(routeKey);
  if (undone !== undefined && deed === undefined)
    return (
      <div class="undo" role="status">
        <span aria-hidden="true">✓</span> Undone: version {undone.version} has again what stood
        before.
      </div>
    );
  if (deed === undefined || newest > deed.made.version || !mayDo("write", routeKey)) return null;
  const { from, made } = deed;
  const undo = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const edited = await rollbackRoute(client, routeKey, {
        version: from,
        from: made.version,
        note: `undo of version ${made.version}`,
      });
      setUndone(edited);
      forget(routeKey);
      onMade(edited.version);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="undo" role="status">
      <span>
        You did <strong>{made.action}</strong> <Time at={made.at} ago />: version {made.version}.
      </span>
      <Button disabled={isBusy} onClick={() => void undo()}>
        Undo
      </Button>
      {error !== undefined && <ErrorNotice error={error} />}
    </div>
  );
}
