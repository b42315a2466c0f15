import "./change.css";

import { useLocation, useRoute } from "preact-iso";
import { useState } from "preact/hooks";

import { getRoute, type Route } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { client } from "../../data/client.ts";
import { mayDo } from "../../data/me.ts";
import { useLive } from "../../data/live.ts";
import { now } from "../../data/now.ts";
import { Badge } from "../../parts/badge.tsx";
import { Empty } from "../../parts/empty.tsx";
import { AsOf, Loaded } from "../../parts/loaded.tsx";
import { Notice } from "../../parts/notice.tsx";
import { RouteTabs } from "../../parts/route-tabs.tsx";
import { Publishing } from "../route/publishing.tsx";
import { isSplit, type Branch } from "../route/tree.ts";
import { useTree } from "../route/use-tree.ts";
import { Desk } from "./desk.tsx";
import { Done } from "./done.tsx";
import { leverNamed, LEVERS, leversOf } from "./levers.ts";
import { Undo } from "./undo.tsx";
import { useBase, type Base } from "./use-base.ts";
import type { ActionName } from "../../../policy/actions/names.ts";

/** Parts of a policy to choose from: a longer list is of no use to anybody, and each part has its own way here from the overview. */
const MAX_CHOICES = 1000;

interface PartProps {
  readonly splits: readonly Branch[];
  readonly branch: Branch;
  readonly onPick: (pointer: string) => void;
}

/** Which part of the policy is changed, where there are several. */
function Part({ splits, branch, onPick }: PartProps) {
  if (splits.length < 2) return null;
  return (
    <div class="field">
      <label htmlFor="change-part">Part of the policy</label>
      <select
        id="change-part"
        class="input"
        value={branch.pointer}
        onChange={({ currentTarget }) => onPick(currentTarget.value)}
      >
        {splits.slice(0, MAX_CHOICES).map(({ pointer, label, strategy }) => (
          <option key={pointer} value={pointer}>
            {label === "" ? "The whole policy" : label} ({strategy})
          </option>
        ))}
      </select>
    </div>
  );
}

interface LeversProps {
  readonly names: readonly ActionName[];
  readonly lever: ActionName;
  readonly onPick: (name: ActionName) => void;
}

/** What one may do with it. */
function Levers({ names, lever, onPick }: LeversProps) {
  return (
    <fieldset class="change-levers">
      <legend>What to do</legend>
      {names.map((name) => (
        <label key={name} class="change-lever" data-grave={LEVERS[name].isGrave}>
          <input
            type="radio"
            name="change-lever"
            checked={name === lever}
            onChange={() => onPick(name)}
          />
          {LEVERS[name].title}
        </label>
      ))}
    </fieldset>
  );
}

/** The action that an address asks for. */
function askedFor({ do: name = "" }: Readonly<Record<string, string>>): ActionName | undefined {
  return leverNamed(name);
}

interface ChooseProps {
  readonly base: Route;
  readonly state: Base;
}

function Choose({ base, state }: ChooseProps) {
  const { query } = useLocation();
  const branches = useTree(base);
  const [pointer, setPointer] = useState(query["node"] ?? "");
  const [picked, setPicked] = useState<ActionName | undefined>(askedFor(query));
  const [done, setDone] = useState<Edited>();
  if (done !== undefined) return <Done edited={done} onMore={() => setDone(undefined)} />;
  if (!mayDo("operate", base.key))
    return (
      <Empty title="You may look, and not change">
        <p>Your token may read this route. Ask whoever runs this for one that may operate it.</p>
      </Empty>
    );
  const splits = branches?.filter(isSplit) ?? [];
  const branch = splits.find((one) => one.pointer === pointer) ?? splits[0];
  if (branch === undefined)
    return (
      <Empty title="There is nothing to turn here">
        <p>No part of this policy chooses between variants. The editor changes all the rest.</p>
      </Empty>
    );
  const names = leversOf(branch, now.value);
  const lever = names.find((name) => name === picked) ?? names[0];
  if (lever === undefined) return null;
  return (
    <Desk
      key={`${branch.pointer} ${lever}`}
      base={base}
      state={state}
      branch={branch}
      lever={lever}
      onDone={setDone}
      isAsked={picked === lever && query["do"] === lever}
    >
      <Part splits={splits} branch={branch} onPick={setPointer} />
      <Levers names={names} lever={lever} onPick={setPicked} />
      <p class="soft">{LEVERS[lever].does}</p>
    </Desk>
  );
}

/** The levers of a route: what one does at night, and what it comes to before it is done. */
export default function ChangePage() {
  const { key = "" } = useRoute().params;
  const route = useLive(`route ${key}`, async () => getRoute(client, key));
  const state = useBase(key, route);
  const { base } = state;
  const { live } = route;
  return (
    <div class="stack">
      <RouteTabs routeKey={key} current="change">
        {base !== undefined && (
          <>
            <Badge>version {base.version}</Badge>
            <Publishing route={base} />
          </>
        )}
        <span class="push">
          <AsOf of={live.value} />
        </span>
      </RouteTabs>
      <Loaded of={live.value} skeleton={<div class="card skeleton change-skeleton">Levers</div>}>
        {(newest) => (
          <>
            <Undo newest={newest} onMade={state.made} />
            {newest.drift !== null && (
              <Notice tone="warn" title="KV has something that this API did not write">
                <p>Edits are held back until it is adopted or republished: see the overview.</p>
              </Notice>
            )}
            {base !== undefined && <Choose base={base} state={state} />}
          </>
        )}
      </Loaded>
    </div>
  );
}
