import { useEffect, useState } from "preact/hooks";

import { request } from "../../../api/client/request.ts";
import { client } from "../../data/client.ts";
import type { Allowed } from "../../parts/refusals.ts";
import type { Preview } from "./plan.ts";
import type { Wanted } from "./wanted.ts";

/** After the last touch of a control (ms): a slider that is drawn along asks once. */
const QUIET_MS = 200;

/** What is known of a change before it is made. */
export interface Foreseen {
  readonly preview: Preview | undefined;
  readonly error: unknown;
  readonly isBusy: boolean;
}

const NOTHING: Foreseen = { preview: undefined, error: undefined, isBusy: false };

const bodyOf = (wanted: Wanted) =>
  wanted.kind === "put"
    ? { policy: wanted.policy }
    : { action: { name: wanted.name, ...wanted.parameters } };

/** Asks the API what a change would do, a moment after it was last touched; `version` is the one that it is made from. */
export function usePreview(
  key: string,
  version: number | undefined,
  wanted: Wanted | undefined,
  allowed: Allowed,
): Foreseen {
  const [foreseen, setForeseen] = useState(NOTHING);
  const text = wanted && JSON.stringify({ ...bodyOf(wanted), ...allowed });
  useEffect(() => {
    if (text === undefined || version === undefined) {
      setForeseen(NOTHING);
      return undefined;
    }
    const under = new AbortController();
    setForeseen((before) => ({ ...before, error: undefined, isBusy: true }));
    const ask = async () => {
      try {
        const preview = await request(client, "preview", {
          params: { key },
          body: JSON.parse(text),
          signal: under.signal,
        });
        if (!under.signal.aborted) setForeseen({ preview, error: undefined, isBusy: false });
      } catch (error) {
        if (!under.signal.aborted) setForeseen({ preview: undefined, error, isBusy: false });
      }
    };
    const timer = setTimeout(() => void ask(), QUIET_MS);
    return () => {
      clearTimeout(timer);
      under.abort();
    };
  }, [key, version, text]);
  return foreseen;
}
