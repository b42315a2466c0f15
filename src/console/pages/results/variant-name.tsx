import { SeriesMark } from "../../parts/share-bar.tsx";

interface VariantNameProps {
  readonly name: string;
  /** Its place in the policy, which gives it its colour and shape. */
  readonly series: number;
}

/** A variant's name with its mark; cut where it is long, whole in its title. */
export function VariantName({ name, series }: VariantNameProps) {
  return (
    <span class="results-variant" title={name}>
      <SeriesMark index={series} />
      <bdi>{name}</bdi>
    </span>
  );
}
