import { originName } from "../../../policy/variant.ts";
import { count, milliseconds, percent } from "../../data/format.ts";
import { Button } from "../../parts/button.tsx";
import { useFold } from "../../parts/fold.ts";
import { Scroll } from "../../parts/scroll.tsx";
import { SeriesMark } from "../../parts/share-bar.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import type { LeafNode } from "../../../policy/compiled.ts";
import { figuresOf, type Figures, type RouteMetrics } from "./figures.ts";
import { Columns, numberColumn, textColumn } from "../../parts/columns.tsx";

const NEWEST_MINUTE = "Of the newest minute that has answers";

/** What is told of each variant. */
const COLUMNS = [
  textColumn("Variant"),
  numberColumn("Share"),
  numberColumn("Requests/min", "Over the last five minutes"),
  numberColumn("Failures", "Of the requests of the last five minutes"),
  numberColumn("p50", NEWEST_MINUTE),
  numberColumn("p95", NEWEST_MINUTE),
  numberColumn("p99", NEWEST_MINUTE),
  numberColumn(
    "Rescued",
    "Requests of the last five minutes that failed here and that another variant answered",
  ),
  textColumn("Last hour"),
];

/** Rows shown at first: more than anybody compares, and few enough that a page of splits stays quick. */
export const MAX_ROWS = 20;

/** Above this share failures are marked: one visitor in a hundred meets them. */
const MANY_FAILURES = 0.01;

const perMinute = (value: number) =>
  value > 0 && value < 10 ? value.toFixed(1) : count(Math.round(value));

interface RowProps {
  readonly index: number;
  readonly variant: LeafNode["variants"][number];
  readonly share: number | undefined;
  readonly figures: Figures | undefined;
}

function Failures({ of: share }: { readonly of: number | undefined }) {
  if (share === undefined || share < MANY_FAILURES) return <>{percent(share)}</>;
  return (
    <span class="route-failing">
      <span aria-label="many failures" role="img">
        ▲
      </span>{" "}
      {percent(share)}
    </span>
  );
}

function Row({ index, variant, share, figures }: RowProps) {
  const { name, origin } = variant;
  const where = originName(origin);
  return (
    <tr>
      <th scope="row">
        <span class="route-variant">
          <SeriesMark index={index} />
          <span class="name route-cut" title={name}>
            {name}
          </span>
        </span>
        <span class="soft name route-cut route-origin" title={where}>
          {where}
        </span>
      </th>
      <td class="number route-share">{percent(share)}</td>
      {figures === undefined ? (
        <td class="soft" colSpan={7}>
          …
        </td>
      ) : (
        <>
          <td class="number">{perMinute(figures.requestsPerMinute)}</td>
          <td class="number">
            <Failures of={figures.failureShare} />
          </td>
          <td class="number">{milliseconds(figures.latency.p50)}</td>
          <td class="number">{milliseconds(figures.latency.p95)}</td>
          <td class="number">{milliseconds(figures.latency.p99)}</td>
          <td class="number">{count(figures.rescued)}</td>
          <td class="route-trend">
            <Sparkline
              points={figures.minutes}
              label={`Requests of ${name} each minute of the last hour, ${count(Math.max(0, ...figures.minutes))} at most`}
            />
          </td>
        </>
      )}
    </tr>
  );
}

interface VariantTableProps {
  readonly leaf: LeafNode;
  readonly shares: readonly number[];
  readonly metrics: RouteMetrics | undefined;
  readonly caption: string;
}

/** The variants of a split side by side, each with what it has now. */
export function VariantTable({ leaf, shares, metrics, caption }: VariantTableProps) {
  const { list, shown, more, unfold } = useFold<
    HTMLTableSectionElement,
    LeafNode["variants"][number]
  >(leaf.variants, MAX_ROWS);
  return (
    <>
      <Scroll label={caption}>
        <table class="table route-variants">
          <caption class="visually-hidden">{caption}</caption>
          <colgroup>
            {Array.from({ length: COLUMNS.length }, (_, column) => (
              <col key={column} />
            ))}
          </colgroup>
          <Columns of={COLUMNS} />
          <tbody ref={list}>
            {shown.map((variant, index) => (
              <Row
                key={variant.name}
                index={index}
                variant={variant}
                share={shares[index]}
                figures={metrics && figuresOf(metrics, leaf.experiment, variant.name)}
              />
            ))}
          </tbody>
        </table>
      </Scroll>
      {more > 0 && (
        <div class="route-more">
          <Button kind="plain" onClick={unfold}>
            Show {count(more)} more
          </Button>
        </div>
      )}
    </>
  );
}
