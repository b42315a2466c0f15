import { count, percent as told } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { useFold } from "../../parts/fold.ts";
import { SeriesMark } from "../../parts/share-bar.tsx";
import type { Branch } from "../route/tree.ts";
import type { FormName } from "./levers.ts";
import { fixedPercent, hasRamp, percentNow, type Draft } from "./wanted.ts";

/** Weights shown at first, each with a slider: a page of a thousand is slow to use, not to draw. */
const MAX_SLIDERS = 20;

/** A slider goes so far at least; the number beside it goes on. */
const LEAST_TOP = 100;

export interface FormProps {
  readonly branch: Branch;
  readonly draft: Draft;
  readonly onDraft: (part: Partial<Draft>) => void;
  /** Whether one may lower a percent, which is a policy put anew. */
  readonly mayPut: boolean;
  readonly now: number;
}

interface NumberProps {
  readonly id: string;
  readonly value: number;
  readonly min: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
}

/** A number as it is typed; what is none yet is not taken. */
function NumberInput({ id, value, min, step, onValue }: NumberProps) {
  return (
    <input
      id={id}
      class="input"
      type="number"
      inputMode="decimal"
      min={min}
      step={step}
      value={value}
      onInput={({ currentTarget: { valueAsNumber: read } }) => {
        if (Number.isFinite(read)) onValue(read);
      }}
    />
  );
}

interface SliderProps extends NumberProps {
  readonly label: string;
  readonly top: number;
}

/** A slider and the number that it stands for: either sets both. */
function Slider({ id, label, value, min, top, step, onValue }: SliderProps) {
  return (
    <span class="change-slider">
      <input
        type="range"
        aria-label={`${label}, as a slider`}
        min={min}
        max={Math.max(top, value)}
        step={step}
        value={value}
        onInput={({ currentTarget }) => onValue(currentTarget.valueAsNumber)}
      />
      <NumberInput id={id} value={value} step={step} min={min} onValue={onValue} />
    </span>
  );
}

interface AmountProps extends NumberProps {
  readonly label: string;
}

/** A number with its label. */
function Amount({ label, ...number }: AmountProps) {
  return (
    <div class="field">
      <label htmlFor={number.id}>{label}</label>
      <NumberInput {...number} />
    </div>
  );
}

function PercentForm({ branch, draft, onDraft, mayPut, now }: FormProps) {
  const { percent } = draft;
  const ramp = hasRamp(branch);
  const current = percentNow(branch, now);
  const least = mayPut && fixedPercent(branch) !== undefined ? 0 : current;
  return (
    <div class="field">
      {ramp && (
        <label class="change-check">
          <input
            type="checkbox"
            checked={percent === undefined}
            onChange={({ currentTarget }) =>
              onDraft({ percent: currentTarget.checked ? undefined : current })
            }
          />
          The next step of the ramp
        </label>
      )}
      {percent !== undefined && (
        <>
          <label htmlFor="change-percent">
            Percent of visitors for the canary (now {current} %)
          </label>
          <Slider
            id="change-percent"
            label="Percent"
            value={percent}
            min={least}
            top={100}
            step={1}
            onValue={(value) => onDraft({ percent: Math.min(100, value) })}
          />
          {ramp && <p class="soft">A fixed percent ends the ramp.</p>}
        </>
      )}
    </div>
  );
}

function WeightsForm({ branch: { leaf }, draft, onDraft }: FormProps) {
  const variants = leaf?.variants ?? [];
  const { list, shown, more, unfold } = useFold<HTMLDivElement, (typeof variants)[number]>(
    variants,
    MAX_SLIDERS,
  );
  const sum = variants.reduce(
    (total, { name, weight }) => total + (draft.weights[name] ?? weight),
    0,
  );
  return (
    <div ref={list} class="change-weights">
      {shown.map(({ name, weight }, index) => {
        const value = draft.weights[name] ?? weight;
        return (
          <div class="field" key={name}>
            <label htmlFor={`change-weight-${index}`}>
              <SeriesMark index={index} />{" "}
              <span class="name route-cut" title={name}>
                {name}
              </span>
              <span class="soft number">{sum > 0 ? told(value / sum) : "–"}</span>
            </label>
            <Slider
              id={`change-weight-${index}`}
              label={`Weight of ${name}`}
              value={value}
              min={0}
              top={LEAST_TOP}
              step={1}
              onValue={(next) =>
                onDraft({ weights: { ...draft.weights, [name]: Math.max(0, Math.round(next)) } })
              }
            />
          </div>
        );
      })}
      {more > 0 && (
        <Button kind="plain" onClick={unfold}>
          Show {count(more)} more
        </Button>
      )}
    </div>
  );
}

function SecondsForm({ draft, onDraft }: FormProps) {
  return (
    <>
      <Amount
        id="change-hours"
        label="Hours from now"
        value={draft.hours}
        min={0.25}
        step={0.25}
        onValue={(hours) => onDraft({ hours })}
      />
      <label class="change-check">
        <input
          type="checkbox"
          checked={draft.shorten}
          onChange={({ currentTarget }) => onDraft({ shorten: currentTarget.checked })}
        />
        Also where the lease then ends earlier than it does
      </label>
    </>
  );
}

function CutOverForm({ draft, onDraft }: FormProps) {
  return (
    <>
      <fieldset class="change-choices">
        <legend>When</legend>
        {(["safe", "now"] as const).map((when) => (
          <label class="change-check" key={when}>
            <input
              type="radio"
              name="change-when"
              checked={draft.when === when}
              onChange={() => onDraft({ when })}
            />
            {when === "safe"
              ? "As soon as every machine can know: all at one instant"
              : "At once: for some seconds both serve"}
          </label>
        ))}
      </fieldset>
      <Amount
        id="change-drain"
        label="Minutes that earlier visitors stay where they are"
        value={draft.drainMinutes}
        min={0}
        step={1}
        onValue={(drainMinutes) => onDraft({ drainMinutes })}
      />
    </>
  );
}

function VariantForm({ branch: { leaf }, draft, onDraft }: FormProps) {
  return (
    <div class="field">
      <label htmlFor="change-variant">Everybody gets</label>
      <select
        id="change-variant"
        class="input"
        value={draft.variant}
        onChange={({ currentTarget }) => onDraft({ variant: currentTarget.value })}
      >
        {leaf?.variants.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The controls of each form. */
export const FORMS: Readonly<Record<FormName, (props: FormProps) => preact.JSX.Element | null>> = {
  nothing: () => null,
  percent: PercentForm,
  weights: WeightsForm,
  seconds: SecondsForm,
  "cut-over": CutOverForm,
  variant: VariantForm,
};
