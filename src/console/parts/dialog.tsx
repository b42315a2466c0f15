import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface DialogProps {
  /** The id of its heading. */
  readonly labelledBy: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus in it, gives it back after, and closes it on Escape. */
export function Dialog({ labelledBy, onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const isOver = useRef(false);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isOver.current = true;
      // One that is only taken out of the page would take the focus with it.
      dialog?.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={labelledBy}
      onClose={() => {
        if (!isOver.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
