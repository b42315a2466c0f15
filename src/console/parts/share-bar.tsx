import { shareWords, type Shares } from "../data/format.ts";

/** Colours and shapes there are; variants beyond share the last. */
const SERIES = 6;

/** The class that gives a variant its colour and shape, by its place in the policy. */
export const seriesClass = (index: number): string => `series-${Math.min(index, SERIES - 1)}`;

/** A variant's mark: a colour and a shape. */
export function SeriesMark({ index }: { readonly index: number }) {
  return <span class={`series-mark ${seriesClass(index)}`} aria-hidden="true" />;
}

/** Who gets which variant, as one bar; its words are for who cannot see it. */
export function ShareBar({ shares }: { readonly shares: Shares }) {
  const words = shareWords(shares);
  return (
    <div class="share-bar" role="img" aria-label={`Shares: ${words}`} title={words}>
      {shares.map(([name, share], index) =>
        share > 0 ? (
          <i key={name} class={seriesClass(index)} style={{ width: `${share * 100}%` }} />
        ) : null,
      )}
    </div>
  );
}
