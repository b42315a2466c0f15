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
  /** In place of the tone's own, where that says too little. */
  readonly sign?: string | undefined;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A word about the state of something, with a sign that says the same without colour. */
export function Badge({ tone = "none", sign = SIGNS[tone], title, children }: BadgeProps) {
  return (
    <span class="badge" data-tone={tone} title={title}>
      {sign !== "" && <span aria-hidden="true">{sign}</span>}
      {children}
    </span>
  );
}
