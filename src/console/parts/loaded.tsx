import type { ComponentChildren } from "preact";

import { localClock } from "../data/format.ts";
import type { Live } from "../data/live.ts";
import { now } from "../data/now.ts";
import { ErrorNotice, Notice } from "./notice.tsx";

/** Older than this (ms) is told as stale: two polls were missed. */
const STALE_MS = 15_000;

interface LoadedProps<T> {
  readonly of: Live<T>;
  /** Stands in its place until the first answer, in about its size. */
  readonly skeleton: ComponentChildren;
  readonly children: (value: T) => ComponentChildren;
}

/** Shows what is known; before that its outline; where asking fails, why, above what was known last. */
export function Loaded<T>({ of: { value, error, asOf }, skeleton, children }: LoadedProps<T>) {
  if (value === undefined)
    return error === undefined ? (
      <div aria-busy="true">{skeleton}</div>
    ) : (
      <ErrorNotice error={error} />
    );
  return (
    <>
      {error !== undefined && (
        <Notice
          tone="warn"
          title={`No news since ${asOf === undefined ? "the beginning" : localClock(asOf)}`}
        >
          <p>{error instanceof Error ? error.message : "The control plane does not answer."}</p>
        </Notice>
      )}
      {children(value)}
    </>
  );
}

/** When the figures beside it were true, and whether they still may be. */
export function AsOf({ of: { asOf } }: { readonly of: Live<unknown> }) {
  if (asOf === undefined) return <span class="soft">as of –</span>;
  const isStale = now.value - asOf > STALE_MS;
  return (
    <span class="soft" data-stale={isStale}>
      as of {localClock(asOf)}
      {isStale && " · stale"}
    </span>
  );
}
