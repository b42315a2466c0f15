import type { Order } from "./attention.ts";

const COLUMNS: readonly (readonly [title: string, name: string, order?: Order])[] = [
  ["Route", "routes-key", "route"],
  ["Shares", "routes-shares"],
  ["Last hour", "routes-hour"],
  ["Requests / min", "number routes-rate", "requests"],
  ["Failures, 5 min", "number routes-failures", "failures"],
  ["Marks", "routes-state", "marks"],
];

export interface HeadProps {
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

/** The titles of the columns, some of which put the list in their order. */
export function Head({ order, onOrder }: HeadProps) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {COLUMNS.map(([title, name, by]) => {
          const direction = by === "route" ? "ascending" : "descending";
          return (
            <th
              key={title}
              class={name}
              scope="col"
              aria-sort={by === order ? direction : undefined}
            >
              {by === undefined ? (
                title
              ) : (
                <button type="button" onClick={() => onOrder(by)}>
                  {title}
                  {by === order && <span aria-hidden="true">{by === "route" ? " ↑" : " ↓"}</span>}
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
