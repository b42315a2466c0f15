import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** A row's height in CSS pixels; where the screen is narrow its marks stand below its key. */
const ROW_PX = { wide: 48, narrow: 64 } as const;

const NARROW = matchMedia("(max-width: 46rem)");

/** How high a row is on this screen (CSS pixels). */
export function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const onChange = () => setNarrow(NARROW.matches);
    NARROW.addEventListener("change", onChange);
    return () => NARROW.removeEventListener("change", onChange);
  }, []);
  return isNarrow ? ROW_PX.narrow : ROW_PX.wide;
}

/** What is in view of a box that scrolls: its first row, and its height (CSS pixels). Changes with each row that goes by, and not with each pixel. */
export function useScrolled(box: HTMLElement | null, rowHeight: number) {
  const [at, setAt] = useState({ row: 0, height: 0 });
  useLayoutEffect(() => {
    if (box === null) return undefined;
    const look = () => {
      const row = Math.floor(box.scrollTop / rowHeight);
      const height = box.clientHeight;
      setAt((was) => (was.row === row && was.height === height ? was : { row, height }));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [box, rowHeight]);
  return at;
}
