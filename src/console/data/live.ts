import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { isSignedOut, signIn } from "./client.ts";
import { POLL_MS, usually, type Pace } from "./pace.ts";

/** While it fails, the pause doubles up to this (ms), so that a control plane that is ill is not asked to death. */
const MAX_PAUSE_MS = 60_000;

/** Asks once. The client knows an answer that has not changed, and gives back the very same object. */
export type Read<T> = (signal: AbortSignal) => Promise<T>;

/** What a page knows of something that it keeps asking for. */
export interface Live<T> {
  readonly value: T | undefined;
  /** When that was last known to be so (ms since the epoch). */
  readonly asOf: number | undefined;
  /** Why the last question got no answer; `value` is then what was known before. */
  readonly error: unknown;
}

/** What is known, and a way to ask at once: after an edit, say. */
export interface LiveSource<T> {
  readonly live: ReadonlySignal<Live<T>>;
  readonly ask: () => void;
}

const UNKNOWN = { value: undefined, asOf: undefined, error: undefined };

/**
 * Keeps asking, as often as its pace says while the page is looked at, one question at a time. A hidden tab
 * asks nothing, and asks at once when it is looked at again. `start` gives back what stops it.
 */
function liveSource<T>(
  read: Read<T>,
  pace: Pace<T>,
): LiveSource<T> & { readonly start: () => () => void } {
  const live = signal<Live<T>>(UNKNOWN);
  let failures = 0;
  let newAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | undefined;

  const wait = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const { value } = live.value;
    const usual = value === undefined ? POLL_MS : pace(value, newAt, Date.now());
    const pause = failures === 0 ? usual : Math.min(POLL_MS * 2 ** failures, MAX_PAUSE_MS);
    timer = setTimeout(() => void ask(), pause);
  };

  async function ask(): Promise<void> {
    clearTimeout(timer);
    under?.abort();
    const mine = new AbortController();
    under = mine;
    try {
      const value = await read(mine.signal);
      if (mine.signal.aborted) return;
      failures = 0;
      if (value !== live.value.value) newAt = Date.now();
      live.value = { value, asOf: Date.now(), error: undefined };
    } catch (error) {
      if (mine.signal.aborted) return;
      if (isSignedOut(error)) return signIn();
      failures += 1;
      live.value = { ...live.value, error };
    }
    wait();
  }

  const onVisible = () => {
    if (document.hidden) clearTimeout(timer);
    else void ask();
  };

  return {
    live,
    ask: () => void ask(),
    start: () => {
      document.addEventListener("visibilitychange", onVisible);
      void ask();
      return () => {
        document.removeEventListener("visibilitychange", onVisible);
        clearTimeout(timer);
        under?.abort();
      };
    },
  };
}

/** {@link liveSource} for as long as a component stands; another `key` is another thing. */
export function useLive<T>(key: string, read: Read<T>, pace: Pace<T> = usually): LiveSource<T> {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key stands for what is read, which is another function each time
  const source = useMemo(() => liveSource(read, pace), [key]);
  useEffect(() => source.start(), [source]);
  return source;
}
