import { useEffect, useState } from "preact/hooks";

import { isSignedOut, signIn } from "./client.ts";

/** What was asked for once: on its way, there, or refused. */
export interface Asked<T> {
  readonly value: T | undefined;
  readonly error: unknown;
}

/** Asks once for what `key` stands for, and for nothing while that is undefined; an answer that comes after another question is passed over. */
export function useAsked<T>(key: string | undefined, ask: () => Promise<T>): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ value: undefined, error: undefined });
  useEffect(() => {
    if (key === undefined) return undefined;
    let isOver = false;
    const settle = async () => {
      try {
        const value = await ask();
        if (!isOver) setAsked({ value, error: undefined });
      } catch (error) {
        if (isSignedOut(error)) signIn();
        else if (!isOver) setAsked({ value: undefined, error });
      }
    };
    setAsked({ value: undefined, error: undefined });
    void settle();
    return () => {
      isOver = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key stands for what is asked for, by another function each time
  }, [key]);
  return asked;
}
