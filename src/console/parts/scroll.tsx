import type { ComponentChildren } from "preact";

interface ScrollProps {
  /** What is in it: told where it is reached by keyboard. */
  readonly label: string;
  readonly children: ComponentChildren;
}

/** What may be wider than the page: it scrolls by itself, by keyboard too. */
export function Scroll({ label, children }: ScrollProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reached by keyboard (WCAG 2.1.1)
    <div class="scroll-x" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
