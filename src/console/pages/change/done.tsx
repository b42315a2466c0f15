import { useLayoutEffect, useRef } from "preact/hooks";

import type { Edited } from "../../../api/edited.ts";
import { percent } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { Warnings } from "../../parts/warnings.tsx";

interface DoneProps {
  readonly edited: Edited;
  readonly onMore: () => void;
}

/** What an edit came to. */
export function Done({ edited, onMore }: DoneProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const { action, version, published, unchanged, reason, plan, warnings, replaced } = edited;
  return (
    <section class="card" aria-labelledby="change-done">
      <div class="inside change-outcome">
        <h2 id="change-done" ref={heading} tabIndex={-1}>
          {unchanged ? "Nothing had to be done" : `Done: ${action}, version ${version}`}
        </h2>
        {reason !== undefined && <p>{reason}</p>}
        {plan !== undefined && <p>{percent(plan.moved)} of visitors moved at once.</p>}
        {published < version && (
          <p>It is on its way to KV: the gateway learns of it as soon as it is there.</p>
        )}
        {replaced !== undefined && <p>What somebody had written to KV by hand was replaced.</p>}
        <Warnings of={warnings} />
        <div class="row">
          <Button onClick={onMore}>Change something else</Button>
        </div>
      </div>
    </section>
  );
}
