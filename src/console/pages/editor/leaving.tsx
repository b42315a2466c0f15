import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";

import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";

/** The address that a click leads to within the console; `undefined` where it leads elsewhere, or opens another tab. */
function addressOf(event: MouseEvent): string | undefined {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return undefined;
  const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement);
  if (link === undefined || link.origin !== location.origin || link.target === "_blank")
    return undefined;
  const address = link.pathname + link.search;
  return address === location.pathname + location.search ? undefined : address;
}

/** Asks before what was written is left: by a link, or with the page. */
export function Leaving({ isDirty }: { readonly isDirty: boolean }) {
  const { route } = useLocation();
  const [wanted, setWanted] = useState<string>();
  useEffect(() => {
    if (!isDirty) return undefined;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const address = addressOf(event);
      if (address === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(address);
    };
    window.addEventListener("beforeunload", onUnload);
    document.addEventListener("click", onClick, { capture: true });
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, { capture: true });
    };
  }, [isDirty]);
  if (wanted === undefined) return null;
  return (
    <Dialog labelledBy="editor-leaving" onClose={() => setWanted(undefined)}>
      <div class="inside">
        <h2 id="editor-leaving">Leave without saving?</h2>
        <p>What you wrote stays in this tab: it is here again when you come back to this page.</p>
        <div class="row">
          <Button kind="primary" onClick={() => setWanted(undefined)}>
            Stay
          </Button>
          <Button onClick={() => route(wanted)}>Leave</Button>
        </div>
      </div>
    </Dialog>
  );
}
