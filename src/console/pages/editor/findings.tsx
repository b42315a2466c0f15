import { Badge } from "../../parts/badge.tsx";
import { ErrorNotice } from "../../parts/notice.tsx";
import type { Checked, Finding } from "./checks.ts";

/** What is wrong, in words: how much of it, or that it is being found out. */
function summary(checked: Checked) {
  if (checked.state === "checking") return <Badge>checking…</Badge>;
  if (checked.state === "failed") return <Badge tone="warn">not checked</Badge>;
  const errors = checked.findings.filter(({ isError }) => isError).length;
  const warnings = checked.findings.length - errors;
  if (errors > 0) return <Badge tone="bad">{errors === 1 ? "1 error" : `${errors} errors`}</Badge>;
  if (warnings > 0)
    return <Badge tone="warn">{warnings === 1 ? "1 warning" : `${warnings} warnings`}</Badge>;
  return <Badge tone="good">valid</Badge>;
}

interface FindingsProps {
  readonly checked: Checked;
  /** The last findings, which stand while a text is checked anew. */
  readonly findings: readonly Finding[];
  readonly onGoTo: (finding: Finding) => void;
}

/** All that is wrong with a text or worth a warning, each a way to its place. */
export function Findings({ checked, findings, onGoTo }: FindingsProps) {
  return (
    <section class="editor-findings" aria-label="What was found">
      <p role="status">{summary(checked)}</p>
      {checked.state === "failed" && <ErrorNotice error={checked.error} />}
      {findings.length > 0 && (
        <ol>
          {findings.map((one) => (
            <li key={`${one.path} ${one.message}`}>
              <button type="button" class="editor-finding" onClick={() => onGoTo(one)}>
                <Badge tone={one.isError ? "bad" : "warn"}>
                  {one.isError ? "error" : "warning"}
                </Badge>
                <code class="name">{one.path}</code>
                <span class="name">{one.message}</span>
                <span class="soft name">{one.fix}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
