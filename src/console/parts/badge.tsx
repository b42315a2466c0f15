import type { ComponentChildren } from "preact";

import type { Tone } from "./tone.ts";

export type { Tone };

const SIGNS: Readonly<Record<Tone, string>> = {
  good: "✓",
  warn: "▲",
  bad: "✕",
  accent: "●",
  none: "",
};

interface BadgeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A word about the state of something, with a sign that says the same without colour. */
export function Badge({ tone = "none", title, children }: BadgeProps) {
  return (
    <span class="badge" data-tone={tone} title={title}>
      {SIGNS[tone] !== "" && <span aria-hidden="true">{SIGNS[tone]}</span>}
      {children}
    </span>
  );
}
