import { useAsked } from "../../data/asked.ts";
import { ErrorNotice } from "../../parts/notice.tsx";
import { Plan } from "../../parts/plan.tsx";
import type { Diffs } from "./diffs.ts";

interface ChoiceProps {
  readonly title: string;
  readonly versions: readonly number[];
  readonly value: number;
  readonly onValue: (version: number) => void;
}

function Choice({ title, versions, value, onValue }: ChoiceProps) {
  const all = versions.includes(value) ? versions : [value, ...versions];
  return (
    <label class="row">
      {title}
      <select
        class="input history-choice"
        value={value}
        onChange={({ currentTarget }) => onValue(Number(currentTarget.value))}
      >
        {all.map((version) => (
          <option key={version} value={version}>
            {version === 0 ? "before the first" : `version ${version}`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface CompareProps {
  readonly versions: readonly number[];
  readonly diffs: Diffs;
  readonly compared: { readonly from: number; readonly to: number };
  readonly onCompare: (compared: CompareProps["compared"]) => void;
}

/** Any two versions, what differs between them, and who moved. */
export function Compare({ versions, diffs, compared, onCompare }: CompareProps) {
  const { from, to } = compared;
  const { value, error } = useAsked(`${from} ${to}`, async () => diffs.between(from, to));
  return (
    <section class="card" aria-labelledby="history-compare">
      <header>
        <h2 id="history-compare">Compare</h2>
        <Choice
          title="from"
          versions={[...versions, 0]}
          value={from}
          onValue={(version) => onCompare({ from: version, to })}
        />
        <Choice
          title="to"
          versions={versions}
          value={to}
          onValue={(version) => onCompare({ from, to: version })}
        />
      </header>
      <div class="inside">
        {error !== undefined && <ErrorNotice error={error} />}
        {value !== undefined && <Plan of={value} isDiff />}
        {value === undefined && error === undefined && (
          <p class="skeleton" aria-busy="true">
            What differs
          </p>
        )}
      </div>
    </section>
  );
}
