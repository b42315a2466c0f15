import { useState } from "preact/hooks";

import { adoptRoute, republishRoute } from "../../../api/client/edits.ts";
import type { Route } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { mayDo } from "../../data/me.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";

interface DriftProps {
  readonly route: Route;
  /** Asks for the route again. */
  readonly onDone: () => void;
}

/** What somebody wrote to KV by hand, and the two ways out. */
export function Drift({ route: { key, version, drift }, onDone }: DriftProps) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  if (drift === null) return null;
  const leave = (way: typeof adoptRoute | typeof republishRoute) => async () => {
    setBusy(true);
    setError(undefined);
    try {
      await way(client, key, { from: version === 0 ? undefined : version });
      onDone();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Notice tone="warn" title="KV has something that this API did not write">
      <p>
        The gateway serves what KV has. Take it into the history as the newest version, or put
        version {version} back over it. Until then edits are held back.
      </p>
      <details>
        <summary>What KV has</summary>
        <pre class="route-drift name">{drift.text ?? "nothing: the route was deleted there"}</pre>
        {drift.tooLong && <p class="soft">It is longer than what is shown here.</p>}
      </details>
      {mayDo("write", key) && (
        <div class="row">
          <Button disabled={isBusy} onClick={() => void leave(adoptRoute)()}>
            Adopt what KV has
          </Button>
          {version > 0 && (
            <Button disabled={isBusy} onClick={() => void leave(republishRoute)()}>
              Republish version {version}
            </Button>
          )}
        </div>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
    </Notice>
  );
}
