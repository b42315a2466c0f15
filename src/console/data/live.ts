import { signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { isSignedOut, signIn } from "./client.ts";

/** Between two questions about the same thing (ms): often enough to see what isolates report every few seconds, and no storm. */
const POLL_MS = 4_000;

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

/** The same, and a way to ask at once: after an edit, say. */
export interface LiveSource<T> {
  readonly live: ReadonlySignal<Live<T>>;
  readonly ask: () => void;
}

const UNKNOWN = { value: undefined, asOf: undefined, error: undefined };

/**
 * Keeps asking, every four seconds while the page is looked at, one question at a time. A hidden tab
 * asks nothing, and asks at once when it is looked at again. `start` gives back what stops it.
 */
function liveSource<T>(read: Read<T>): LiveSource<T> & { readonly start: () => () => void } {
  const live = signal<Live<T>>(UNKNOWN);
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let under: AbortController | undefined;

  const wait = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    timer = setTimeout(() => void ask(), Math.min(POLL_MS * 2 ** failures, MAX_PAUSE_MS));
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
export function useLive<T>(key: string, read: Read<T>): LiveSource<T> {
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key stands for what is read, which is another function each time
  const source = useMemo(() => liveSource(read), [key]);
  useEffect(() => source.start(), [source]);
  return source;
}
