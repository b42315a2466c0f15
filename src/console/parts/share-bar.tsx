import { percent } from "../data/format.ts";

/** Colours and shapes there are; variants beyond share the last. */
const SERIES = 6;

/** The class that gives a variant its colour and shape, by its place in the policy. */
export const seriesClass = (index: number): string => `series-${Math.min(index, SERIES - 1)}`;

/** A variant's mark: a colour and a shape. */
export function SeriesMark({ index }: { readonly index: number }) {
  return <span class={`series-mark ${seriesClass(index)}`} aria-hidden="true" />;
}

/** A share in percent with no more digits than it has; tenths at most, but never 0 for what is not. */
const short = (share: number): string =>
  share > 0 && share < 0.001 ? percent(share) : `${Number((share * 100).toFixed(1))} %`;

/** Shares in words: "stable 80 %, canary 20 %". */
export const shareWords = (shares: Readonly<Record<string, number>>): string =>
  Object.entries(shares)
    .map(([name, share]) => `${name} ${short(share)}`)
    .join(", ");

/** Who gets which variant, as one bar; its words are for who cannot see it. */
export function ShareBar({ shares }: { readonly shares: Readonly<Record<string, number>> }) {
  const entries = Object.entries(shares);
  const words = shareWords(shares);
  return (
    <div class="share-bar" role="img" aria-label={`Shares: ${words}`} title={words}>
      {entries.map(([name, share], index) =>
        share > 0 ? (
          <i key={name} class={seriesClass(index)} style={{ width: `${share * 100}%` }} />
        ) : null,
      )}
    </div>
  );
}
