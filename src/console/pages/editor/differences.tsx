import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

import { Badge, type Tone } from "../../parts/badge.tsx";
import { Button } from "../../parts/button.tsx";
import { Scroll } from "../../parts/scroll.tsx";
import { ABSENT, merge, type Difference, type Side, type Who } from "./merge.ts";
import { Columns, textColumn } from "../../parts/columns.tsx";

/** What is told of each place in which two edits differ. */
const COLUMNS = ["Place", "Touched by", "Before", "Theirs", "Mine"].map(textColumn);

const WHO: Readonly<Record<Who, readonly [Tone, string]>> = {
  clash: ["bad", "both, differently"],
  both: ["none", "both, alike"],
  mine: ["accent", "you"],
  theirs: ["warn", "they"],
};

/** Characters of a value in the table: past this a line is no longer read. */
const MAX_VALUE_CHARS = 200;

function told(value: unknown): string {
  if (value === ABSENT) return "nothing";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS - 1)}…` : text;
}

interface ChoiceProps {
  readonly of: Difference;
  readonly side: Side;
  readonly chosen: Side | undefined;
  readonly onChoose: (side: Side) => void;
  readonly name: string;
}

/** One side's value, which can be taken. */
function Choice({ of, side, chosen, onChoose, name }: ChoiceProps) {
  return (
    <label class="editor-choice" data-chosen={chosen === side}>
      <input
        type="radio"
        name={name}
        checked={chosen === side}
        onChange={() => onChoose(side)}
        aria-label={`Take ${side} for ${of.path}: ${told(of[side])}`}
      />
      <code class="name">{told(of[side])}</code>
    </label>
  );
}

interface DifferencesProps {
  readonly base: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
  /** Who made theirs, and when. */
  readonly title: ComponentChildren;
  readonly onTake: (policy: unknown) => void;
  readonly onCancel: () => void;
}

/** Three versions side by side: what both began with, what somebody made of it meanwhile, and what is written here. */
export function Differences({ base, theirs, mine, title, onTake, onCancel }: DifferencesProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const [choices, setChoices] = useState<ReadonlyMap<string, Side>>(new Map());
  const { value, differences } = useMemo(
    () => merge(base, theirs, mine, choices),
    [base, theirs, mine, choices],
  );
  const open = differences.filter(({ who, path }) => who === "clash" && !choices.has(path));
  const choose = (path: string, side: Side) => setChoices(new Map(choices).set(path, side));
  const chooseAll = (side: Side) =>
    setChoices(new Map(differences.map(({ path }) => [path, side] as const)));
  const sideOf = ({ who, path }: Difference): Side | undefined =>
    choices.get(path) ?? (who === "clash" ? undefined : who === "theirs" ? "theirs" : "mine");
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`} tabIndex={-1} ref={heading}>
          {title}
        </h2>
      </header>
      <div class="inside stack">
        <p>
          What only one of you touched is taken already.{" "}
          {open.length === 0 ? (
            <strong>Nothing is left to decide.</strong>
          ) : (
            <strong>
              {open.length === 1 ? "One place is" : `${open.length} places are`} yours to decide.
            </strong>
          )}
        </p>
        <Scroll label="What differs">
          <table class="table editor-differences">
            <Columns of={COLUMNS} />
            <tbody>
              {differences.map((one) => (
                <tr key={one.path} data-open={open.includes(one)}>
                  <th scope="row">
                    <code class="name">{one.path}</code>
                  </th>
                  <td>
                    <Badge tone={WHO[one.who][0]}>{WHO[one.who][1]}</Badge>
                  </td>
                  <td>
                    <code class="name soft">{told(one.base)}</code>
                  </td>
                  {(["theirs", "mine"] as const).map((side) => (
                    <td key={side}>
                      {one.who === "both" ? (
                        <code class="name">{told(one[side])}</code>
                      ) : (
                        <Choice
                          of={one}
                          side={side}
                          chosen={sideOf(one)}
                          onChoose={(chosen) => choose(one.path, chosen)}
                          name={`${id} ${one.path}`}
                        />
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
        <div class="row">
          <Button kind="primary" disabled={open.length > 0} onClick={() => onTake(value)}>
            Go on with this
          </Button>
          <Button onClick={() => chooseAll("mine")}>Take all of mine</Button>
          <Button onClick={() => chooseAll("theirs")}>Take all of theirs</Button>
          <Button kind="plain" onClick={onCancel}>
            Back to the text
          </Button>
        </div>
      </div>
    </section>
  );
}
