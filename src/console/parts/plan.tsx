import "./plan.css";

import type { Plan as PlanOf } from "../../preview/plan.ts";
import { count, percent } from "../data/format.ts";
import { changeText, kindOf, KINDS, placeText } from "./changes.ts";
import { Time } from "./time.tsx";

/** What of a plan is shown. */
type Shown = Pick<
  PlanOf,
  | "changes"
  | "changesLeftOut"
  | "paths"
  | "pathsLeftOut"
  | "later"
  | "laterLeftOut"
  | "moved"
  | "reshuffled"
>;

/** Where somebody goes, by the variant's name. */
const named = (at: PlanOf["paths"][number]["moves"][number]["from"]): string =>
  at === null ? "no variant" : at.variant;

function Changes({ of: { changes, changesLeftOut } }: { readonly of: Shown }) {
  if (changes.length === 0) return <p class="soft">The policies say the same.</p>;
  return (
    <ul class="plan-changes" aria-label="Changes">
      {changes.map((change) => {
        const kind = kindOf(change);
        const [sign, word] = KINDS[kind];
        return (
          <li key={change.path} data-kind={kind}>
            <span aria-hidden="true">{sign}</span>
            <span class="name">
              <span class="visually-hidden">{word} </span>
              <b>{placeText(change.path)}</b> {changeText(change)}
            </span>
          </li>
        );
      })}
      {changesLeftOut > 0 && <li class="soft">and {count(changesLeftOut)} more</li>}
    </ul>
  );
}

function Moves({ of: { paths, pathsLeftOut } }: { readonly of: Shown }) {
  if (paths.length === 0) return null;
  return (
    <div class="scroll-x">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">From → to</th>
            <th scope="col" class="number">
              Visitors that move
            </th>
          </tr>
        </thead>
        <tbody>
          {paths.map(({ path, visitors, moved, reshuffled, moves }) => (
            <tr key={path}>
              <td class="name">{path}</td>
              <td>
                {moves.length === 0 && <span class="soft">nobody moves</span>}
                {moves.map(({ from, to }) => (
                  <div key={`${from?.variant} ${from?.origin} ${to?.variant} ${to?.origin}`}>
                    <span class="name">{named(from)}</span> → <span class="name">{named(to)}</span>
                  </div>
                ))}
              </td>
              <td class="number">
                {moves.length === 0
                  ? percent(moved / visitors)
                  : moves.map((move) => (
                      <div
                        key={`${move.from?.variant} ${move.from?.origin} ${move.to?.variant} ${move.to?.origin}`}
                      >
                        {percent(move.visitors / visitors)}
                      </div>
                    ))}
                {reshuffled > 0 && <small>{percent(reshuffled / visitors)} drawn anew</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {pathsLeftOut > 0 && <p class="soft">and {count(pathsLeftOut)} more paths</p>}
    </div>
  );
}

function Later({ of: { later, laterLeftOut } }: { readonly of: Shown }) {
  if (later.length === 0) return null;
  return (
    <ul aria-label="Who moves later">
      {later.map(({ at, path, visitors, moved }) => (
        <li key={`${at} ${path}`}>
          By <Time at={at} /> <strong>{percent(moved / visitors)}</strong> of visitors of{" "}
          <span class="name">{path}</span> have moved
        </li>
      ))}
      {laterLeftOut > 0 && <li class="soft">and {count(laterLeftOut)} more instants</li>}
    </ul>
  );
}

/** What a change does: each place of the policy that differs, and which visitors move from where to where. */
export function Plan({ of }: { readonly of: Shown }) {
  return (
    <div class="plan">
      <Changes of={of} />
      <Moves of={of} />
      <Later of={of} />
    </div>
  );
}
