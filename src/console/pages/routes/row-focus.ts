import { signal } from "@preact/signals";

import { topFor } from "./window.ts";

/** Where a key leads from a row. */
const STEPS: Readonly<Record<string, (row: number, page: number, last: number) => number>> = {
  ArrowDown: (row) => row + 1,
  ArrowUp: (row) => row - 1,
  PageDown: (row, page) => row + page,
  PageUp: (row, page) => Math.max(0, row - page),
  Home: () => 0,
  End: (_row, _page, last) => last,
};

/** Leads the keyboard through rows of which only those in view are there. */
export class RowFocus {
  /** The row that Tab leads to. */
  readonly active = signal(0);
  #box: HTMLElement | null = null;
  #rows = 0;
  #rowHeight = 1;
  #isDue = false;
  /** What had the keyboard before the list was drawn, and where it led. */
  #held: { readonly link: HTMLAnchorElement; readonly href: string } | undefined;

  /** Remembers which row has the keyboard, before the list is drawn. */
  hold(): void {
    const link = this.#box?.querySelector<HTMLAnchorElement>("[data-row] a:focus");
    this.#held = link == null ? undefined : { link, href: link.href };
  }

  /** Says what the list is now, after it was drawn; the row that was gone to may only now be there. */
  drawn(box: HTMLElement | null, rows: number, rowHeight: number): void {
    this.#box = box;
    this.#rows = rows;
    this.#rowHeight = rowHeight;
    if (this.#isDue) this.#focus();
    else this.#keep();
  }

  /** Says that the keyboard is at a row now. */
  arrive(row: number): void {
    this.active.value = row;
  }

  /** Goes to a row, which scrolls into view. */
  go(row: number): void {
    const box = this.#box;
    if (box === null || this.#rows === 0) return;
    const to = Math.max(0, Math.min(this.#rows - 1, row));
    box.scrollTop = topFor(to, {
      top: box.scrollTop,
      height: this.#height(box),
      rowHeight: this.#rowHeight,
    });
    this.active.value = to;
    this.#isDue = true;
    this.#focus();
  }

  /** Does what a key says on a row; false where that leads out of the list, above. */
  press(event: KeyboardEvent, row: number): boolean {
    const step = STEPS[event.key];
    const box = this.#box;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (step === undefined || box === null || !isPlain) return true;
    event.preventDefault();
    const page = Math.max(1, Math.floor(this.#height(box) / this.#rowHeight) - 1);
    const to = step(row, page, this.#rows - 1);
    if (to < 0) return false;
    this.go(to);
    return true;
  }

  /** Leaves the keyboard with the route that had it: a row that was moved has lost it, and one that tells of another route now must not have it. */
  #keep(): void {
    if (this.#held === undefined) return;
    const { link, href } = this.#held;
    if (link.href !== href) link.blur();
    else if (link.isConnected && document.activeElement !== link)
      link.focus({ preventScroll: true });
  }

  /** What is seen of the rows (CSS pixels), below their heading. */
  #height(box: HTMLElement): number {
    return box.clientHeight - (box.querySelector("thead")?.clientHeight ?? 0);
  }

  #focus(): void {
    const link = this.#box?.querySelector<HTMLElement>(`[data-row="${this.active.value}"] a`);
    if (link == null) return;
    this.#isDue = false;
    link.focus({ preventScroll: true });
  }
}
