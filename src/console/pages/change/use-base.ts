import { useEffect, useState } from "preact/hooks";

import { diffVersions, getRoute, type Route } from "../../../api/client/reads.ts";
import type { Refused } from "../../../api/client/refused.ts";
import { client } from "../../data/client.ts";
import type { LiveSource } from "../../data/live.ts";
import { sinceOf, type Since } from "../../parts/outrun.tsx";

/** The version that a change is made from, and what others did since it was looked at. */
export interface Base {
  readonly base: Route | undefined;
  readonly since: Since | undefined;
  /** Takes the newest version for the one that is looked at. */
  readonly look: () => Promise<void>;
  /** A version that was made here: it is looked at as soon as it is known. */
  readonly made: (version: number) => void;
  /** What the API said of others who were quicker. */
  readonly outrun: (refused: Refused) => void;
}

/** Holds on to the version that a person looks at while they decide; a newer one is told, and taken when they say so. */
export function useBase(key: string, { live, ask }: LiveSource<Route>): Base {
  const newest = live.value.value;
  const [base, setBase] = useState<Route>();
  const [own, setOwn] = useState(0);
  const [since, setSince] = useState<Since>();
  useEffect(() => {
    if (newest === undefined || newest.key !== key) return undefined;
    const isOurs = newest.version === own;
    const before = base?.key === key ? base.version : undefined;
    // A question that was on its way while somebody looked again knows less than they do.
    if (before !== undefined && newest.version < before) return undefined;
    if (before === undefined || isOurs || newest.version === before) {
      setBase(newest);
      if (isOurs) setSince(undefined);
      return undefined;
    }
    let isGone = false;
    const tell = async () => {
      const diff = await diffVersions(client, key, { from: before, to: newest.version }).catch(
        () => undefined,
      );
      const { changes = [], changesLeftOut = 0 } = diff ?? {};
      if (!isGone) setSince({ ...newest, since: before, changes, changesLeftOut });
    };
    void tell();
    return () => {
      isGone = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what is looked at changes by this effect, and is asked about by its version
  }, [newest, own, key, base?.version]);
  return {
    base: base?.key === key ? base : undefined,
    since,
    look: async () => {
      setBase(await getRoute(client, key));
      setSince(undefined);
      ask();
    },
    made: (version) => {
      setOwn(version);
      ask();
    },
    outrun: (refused) => {
      const told = sinceOf(refused.problem);
      setSince({ ...told, since: told.since ?? base?.version });
      ask();
    },
  };
}
