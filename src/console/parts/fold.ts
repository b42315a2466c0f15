import { useEffect, useRef, useState } from "preact/hooks";

/** A list of which the beginning is shown, until somebody asks for all. */
export function useFold<TList extends HTMLElement, TItem>(all: readonly TItem[], most: number) {
  const [isAll, setAll] = useState(false);
  const list = useRef<TList>(null);
  const shown = isAll ? all : all.slice(0, most);
  useEffect(() => {
    // Who unfolds it by keyboard goes on in the first that came: the button that had the focus is gone.
    const first = isAll ? list.current?.children.item(most) : undefined;
    if (!(first instanceof HTMLElement)) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
  }, [isAll, most]);
  return { list, shown, more: all.length - shown.length, unfold: () => setAll(true) };
}
