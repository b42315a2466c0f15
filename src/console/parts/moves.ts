import type { Plan } from "../../preview/plan.ts";

/** What a plan says of the visitors of one path. */
export type PathPlan = Plan["paths"][number];

type End = PathPlan["moves"][number]["from"];

/** Where visitors end, in words. */
const nameOf = (at: End): string => at?.variant ?? "no variant";

/** Both ends of a move; where the variant stays and its origin does not, the origins are what differs. */
export function endsOf({
  from,
  to,
}: PathPlan["moves"][number]): readonly [from: string, to: string] {
  const names = [nameOf(from), nameOf(to)] as const;
  return from !== null && to !== null && names[0] === names[1]
    ? [`${names[0]} (${from.origin})`, `${names[1]} (${to.origin})`]
    : names;
}

/** The share that a variant has of a path's visitors, from 0 to 1, and the place that gives it its colour. */
export interface Bar {
  readonly name: string;
  readonly index: number;
  readonly before: number;
  readonly after: number;
}

/** Who has which share before and after: first the variants of `order`, in that order. Pure. */
export function barsOf(
  { before, after, visitors }: PathPlan,
  order: readonly string[],
): readonly Bar[] {
  const names = new Set([...order, ...[...before, ...after].map(({ at }) => nameOf(at))]);
  const sharesOf = (list: PathPlan["before"]) => {
    const sums = new Map<string, number>();
    for (const { at, visitors: many } of list)
      sums.set(nameOf(at), (sums.get(nameOf(at)) ?? 0) + many / visitors);
    return sums;
  };
  const [was, is] = [sharesOf(before), sharesOf(after)];
  return [...names].map((name, index) => ({
    name,
    index,
    before: was.get(name) ?? 0,
    after: is.get(name) ?? 0,
  }));
}

/** Whether an edit moves everybody of a path, or all of them to one place, at once or later by the clock: it is then confirmed by hand. Pure. */
export function movesEverybody({ paths, later }: Pick<Plan, "paths" | "later">): boolean {
  return (
    paths.some(
      ({ moved, visitors, after }) => moved > 0 && (moved === visitors || after.length === 1),
    ) || later.some(({ moved, visitors }) => visitors > 0 && moved === visitors)
  );
}
