import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Gives the focus to an element where what had it went away when one of `on` changed: who goes by keyboard is not sent back to the top. */
export function useKeptFocus(to: RefObject<HTMLElement | null>, on: readonly unknown[]): void {
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (!isFirst.current && document.activeElement === document.body)
      to.current?.focus({ preventScroll: true });
    isFirst.current = false;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the list is its caller's, and as long each time
  }, on);
}
