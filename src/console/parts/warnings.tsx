import type { Issue } from "../../lib/issue.ts";
import { Notice } from "./notice.tsx";

/** What somebody who makes an edit is to be told before, or after: where, what and what to do about it. */
export function Warnings({ of }: { readonly of: readonly Issue[] }) {
  return (
    <>
      {of.map(({ path, message, fix }) => (
        <Notice key={`${path} ${message}`} tone="warn" title={<bdi class="name">{message}</bdi>}>
          <p class="name">
            <code>{path}</code> {fix}
          </p>
        </Notice>
      ))}
    </>
  );
}
