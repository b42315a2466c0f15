import "./editor.css";

import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";

import { findRoute, type Route } from "../../../api/client/reads.ts";
import { client } from "../../data/client.ts";
import { mayDo, who } from "../../data/me.ts";
import { useLive } from "../../data/live.ts";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { RouteTabs } from "../../parts/route-tabs.tsx";
import { Desk } from "./desk.tsx";

/** A route, or that there is none: what was asked and is not there is an answer too. */
interface Found {
  readonly route: Route | undefined;
}

/** Keeps one object for each answer, so that nothing is drawn again where nothing changed. */
function reader(key: string): () => Promise<Found> {
  let last: Found | undefined;
  return async () => {
    const route = await findRoute(client, key);
    if (last === undefined || route !== last.route) last = { route };
    return last;
  };
}

const SKELETON = <div class="card editor-skeleton skeleton" aria-hidden="true" />;

/** The policy of a route, as text: to be written by whom it is theirs to write. */
export default function Editor() {
  const { params } = useRoute();
  const key = params["key"] ?? "";
  return <Opened key={key} routeKey={key} />;
}

function Opened({ routeKey }: { readonly routeKey: string }) {
  const read = useMemo(() => reader(routeKey), [routeKey]);
  const { live, ask } = useLive(`edit ${routeKey}`, read);
  return (
    <div class="stack">
      <RouteTabs routeKey={routeKey} current="edit">
        <span class="push">
          <AsOf of={live.value} />
        </span>
      </RouteTabs>
      <Loaded of={live.value} skeleton={SKELETON}>
        {(newest) =>
          // Whether a text may be written is fixed when it is opened.
          who.value === undefined ? (
            SKELETON
          ) : (
            <Desk
              routeKey={routeKey}
              newest={newest.route}
              isReadOnly={!mayDo("write", routeKey)}
              onSaved={ask}
            />
          )
        }
      </Loaded>
    </div>
  );
}
