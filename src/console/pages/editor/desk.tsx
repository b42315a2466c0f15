import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { findRoute, type Route } from "../../../api/client/reads.ts";
import type { Edited } from "../../../api/edited.ts";
import { MAX_POLICY_BYTES } from "../../../api/limits.ts";
import { Failure } from "../../../lib/failure.ts";
import { readText } from "../../../policy/read-text.ts";
import { client } from "../../data/client.ts";
import { count } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { ErrorNotice, Notice } from "../../parts/notice.tsx";
import { baseOf, baseOfDraft, written, type Base } from "./base.ts";
import { checker, type Checked, type Finding } from "./checks.ts";
import type { Code } from "./code.ts";
import { CodeArea } from "./code-area.tsx";
import { Differences } from "./differences.tsx";
import { draftOf, keepDraft } from "./drafts.ts";
import { Findings } from "./findings.tsx";
import { Leaving } from "./leaving.tsx";
import { ABSENT } from "./merge.ts";
import { Meanwhile, Restored, Saved } from "./news.tsx";
import { Review } from "./review.tsx";

interface DeskProps {
  readonly routeKey: string;
  /** The route as it is now, or that there is none. */
  readonly newest: Route | undefined;
  readonly isReadOnly: boolean;
  readonly onSaved: () => void;
}

/** Both edits side by side, since somebody was quicker. */
interface Clash {
  readonly theirs: Route | undefined;
  readonly mine: unknown;
}

const NO_FINDINGS: readonly Finding[] = [];

function diagnosticsOf(findings: readonly Finding[], length: number) {
  return findings.map(({ from, to, isError, message, fix }) => ({
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity: isError ? ("error" as const) : ("warning" as const),
    message: `${message}; ${fix}`,
  }));
}

/** A policy's text at work: written, checked as it is written, compared, reviewed and saved. */
export function Desk({ routeKey, newest, isReadOnly, onSaved }: DeskProps) {
  const [restored, setRestored] = useState(() => (isReadOnly ? undefined : draftOf(routeKey)));
  const [base, setBase] = useState<Base>(() =>
    restored === undefined ? baseOf(newest) : baseOfDraft(restored),
  );
  const [text, setText] = useState(restored?.text ?? base.text);
  const [checked, setChecked] = useState<Checked>({ state: "checking" });
  const [findings, setFindings] = useState(NO_FINDINGS);
  const [isCompared, setCompared] = useState(false);
  const [isTooLong, setTooLong] = useState(false);
  const [reviewed, setReviewed] = useState<{ readonly policy: unknown }>();
  const [clash, setClash] = useState<Clash>();
  const [saved, setSaved] = useState<Edited>();
  const [error, setError] = useState<unknown>();
  const codeRef = useRef<Code>(undefined);
  const hadClashRef = useRef(false);
  const isDirty = text !== base.text;

  const { check, close } = useMemo(
    () =>
      checker((next, of) => {
        setChecked(next);
        if (next.state !== "done") return;
        setFindings(next.findings);
        codeRef.current?.show(diagnosticsOf(next.findings, of.length));
      }),
    [],
  );
  useEffect(() => close, [close]);
  useEffect(() => check(text), [check, text]);
  useEffect(() => {
    if (!isReadOnly)
      keepDraft(
        routeKey,
        isDirty ? { text, version: base.version, base: base.text, at: Date.now() } : undefined,
      );
  }, [routeKey, text, base, isDirty, isReadOnly]);

  useEffect(() => {
    if ((hadClashRef.current && clash === undefined) || saved !== undefined)
      codeRef.current?.focus();
    hadClashRef.current = clash !== undefined;
  }, [clash, saved]);

  const onOpen = (opened: Code) => {
    codeRef.current = opened;
  };
  const change = (next: string) => {
    setText(next);
    setTooLong(false);
    setSaved(undefined);
  };
  const compare = (next: boolean) => {
    setCompared(next);
    void codeRef.current?.compare(next ? base.text : undefined);
  };
  const review = () => {
    const read = readText(text);
    if (read.ok) setReviewed({ policy: read.value });
  };
  const takeNewest = (route: Route | undefined) => {
    const next = baseOf(route);
    setBase(next);
    setRestored(undefined);
    if (isCompared) void codeRef.current?.compare(next.text);
    return next;
  };
  const openClash = async () => {
    setReviewed(undefined);
    const read = readText(text);
    if (!read.ok) return setError(new Failure("Your text is not JSON", "mend it first"));
    try {
      setClash({ theirs: await findRoute(client, routeKey), mine: read.value });
    } catch (failure) {
      setError(failure);
    }
  };
  const onMerged = (policy: unknown) => {
    if (clash === undefined) return;
    const next = takeNewest(clash.theirs);
    setClash(undefined);
    if (policy === ABSENT) return codeRef.current?.replace(next.text);
    codeRef.current?.replace(written(policy));
    setReviewed({ policy });
  };
  const onEdited = (edited: Edited) => {
    setReviewed(undefined);
    setSaved(edited);
    const read = readText(text);
    if (read.ok) setBase({ version: edited.version, policy: read.value, text });
    if (isCompared) compare(false);
    onSaved();
  };

  const errors = findings.filter(({ isError }) => isError).length;
  const maySave =
    checked.state === "done" && errors === 0 && (isDirty || base.version === undefined);
  const isOutdated = newest !== undefined && newest.version > (base.version ?? 0);
  return (
    <div class="stack">
      {!isReadOnly && <Leaving isDirty={isDirty} />}
      {saved !== undefined && <Saved edited={saved} />}
      {error !== undefined && <ErrorNotice error={error} />}
      {restored !== undefined && isDirty && (
        <Restored
          draft={restored}
          onDiscard={() => {
            setRestored(undefined);
            codeRef.current?.replace(base.text);
          }}
        />
      )}
      {isOutdated && clash === undefined && (
        <Meanwhile
          newest={newest}
          isDirty={isDirty}
          onTake={() => {
            if (isDirty) void openClash();
            else codeRef.current?.replace(takeNewest(newest).text);
          }}
        />
      )}
      {isTooLong && (
        <Notice tone="bad" title="That was not taken: it is too much for one policy">
          <p>
            A policy has {count(MAX_POLICY_BYTES)} bytes at most; give its parts keys of their own.
          </p>
        </Notice>
      )}
      {clash !== undefined && (
        <Differences
          base={base.version === undefined ? ABSENT : base.policy}
          theirs={clash.theirs === undefined ? ABSENT : clash.theirs.policy}
          mine={clash.mine}
          title={
            clash.theirs === undefined
              ? "The route was deleted meanwhile"
              : `${clash.theirs.author ?? "Somebody"} was quicker: version ${clash.theirs.version}`
          }
          onTake={onMerged}
          onCancel={() => setClash(undefined)}
        />
      )}
      <section class="card" aria-label="Policy" hidden={clash !== undefined}>
        <header>
          <h2>Policy</h2>
          <span class="soft">
            {base.version === undefined ? "not made yet" : `version ${base.version}`}
            {isDirty && " · changed"}
            {isReadOnly && " · to read only"}
          </span>
          <span class="row push">
            {base.version !== undefined && !isReadOnly && (
              <Button aria-pressed={isCompared} onClick={() => compare(!isCompared)}>
                Show changes
              </Button>
            )}
            {!isReadOnly && (
              <Button kind="primary" disabled={!maySave} onClick={review}>
                Review and save…
              </Button>
            )}
          </span>
        </header>
        <CodeArea
          text={text}
          isReadOnly={isReadOnly}
          label={`Policy of ${routeKey}, JSON. Escape, then Tab, leaves the text.`}
          onOpen={onOpen}
          onChange={change}
          onTooLong={() => setTooLong(true)}
        />
        <p class="editor-hint soft">
          <kbd>Ctrl</kbd> <kbd>Space</kbd> offers what may stand here · <kbd>F8</kbd> goes to the
          next finding · <kbd>Esc</kbd>, then <kbd>Tab</kbd>, leaves the text
        </p>
        <Findings
          checked={checked}
          findings={findings}
          onGoTo={({ from, to }) => codeRef.current?.goTo(from, to)}
        />
      </section>
      {reviewed !== undefined && (
        <Review
          routeKey={routeKey}
          from={base.version}
          policy={reviewed.policy}
          onSaved={onEdited}
          onOutdated={() => void openClash()}
          onClose={() => setReviewed(undefined)}
        />
      )}
    </div>
  );
}
