import type { ComponentChildren } from "preact";

import { Failure } from "../../lib/failure.ts";
import type { Tone } from "./tone.ts";

interface NoticeProps {
  readonly tone?: Tone;
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
}

/** Something to know before going on. What is bad is told to screen readers at once. */
export function Notice({ tone = "none", title, children }: NoticeProps) {
  return (
    <div class="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** What went wrong and what to do about it, in the API's own words. */
export function ErrorNotice({ error }: { readonly error: unknown }) {
  if (error instanceof Failure)
    return (
      <Notice tone="bad" title={error.message}>
        <p>{error.fix}</p>
      </Notice>
    );
  return (
    <Notice tone="bad" title="The console met an error of its own">
      <p>Load the page anew: `sy` and the API go on without it.</p>
    </Notice>
  );
}
