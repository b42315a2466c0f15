import { useEffect, useMemo } from "preact/hooks";

import { count } from "../../data/format.ts";
import { SHOWS, type Seen, type Show, type Wanted } from "./attention.ts";

/** What one may look for, and what comes first then. */
const SHOWN: readonly (readonly [show: Show, title: string, order: Wanted["order"]])[] = [
  ["all", "All", "route"],
  ["failing", "Failing", "failures"],
  ["marked", "Marked", "marks"],
];

interface FiltersProps {
  readonly search: HTMLInputElement | null;
  readonly setSearch: (search: HTMLInputElement | null) => void;
  readonly wanted: Wanted;
  readonly routes: readonly Seen[] | undefined;
  /** Whether those are all there are. */
  readonly isWhole: boolean;
  readonly onChange: (to: Partial<Wanted>) => void;
  /** Leads to the first route. */
  readonly onDown: () => void;
  /** Opens it. */
  readonly onEnter: () => void;
}

/** A slash leads to the search, unless one writes something. */
function useSlash(search: HTMLInputElement | null): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isWriting =
        event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
      if (event.key !== "/" || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search?.focus();
      search?.select();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [search]);
}

/** The search, and how many routes fail or are marked. */
export function Filters(props: FiltersProps) {
  const { search, setSearch, wanted, routes, isWhole, onChange, onDown, onEnter } = props;
  useSlash(search);
  const numbers = useMemo(
    () => SHOWN.map(([show]) => routes?.filter(SHOWS[show]).length),
    [routes],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      onDown();
    } else if (event.key === "Enter") onEnter();
    else if (event.key === "Escape") onChange({ q: "" });
  };
  return (
    <search class="routes-filters">
      <label class="routes-search">
        <span class="visually-hidden">Find a route by a part of its key</span>
        <input
          ref={setSearch}
          class="input"
          type="search"
          placeholder="Find a route"
          value={wanted.q}
          autocomplete="off"
          spellcheck={false}
          aria-keyshortcuts="/"
          onInput={({ currentTarget }) => onChange({ q: currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <fieldset class="routes-shows">
        <legend class="visually-hidden">Which routes</legend>
        {SHOWN.map(([show, title, order], at) => {
          const number = numbers[at];
          return (
            <button
              key={show}
              type="button"
              aria-pressed={wanted.show === show}
              data-bad={show !== "all" && number !== undefined && number > 0}
              onClick={() => onChange({ show, order })}
            >
              {title} <span>{number === undefined ? "–" : count(number)}</span>
              {show === "all" && routes !== undefined && !isWhole && (
                <span title="More are being read">…</span>
              )}
            </button>
          );
        })}
      </fieldset>
    </search>
  );
}
