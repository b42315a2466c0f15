import { useEffect } from "preact/hooks";

/** Names the page in the browser's tab and history: what is most its own first. */
export function useTitle(...parts: readonly string[]): void {
  const title = [...parts, "Switchyard"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
