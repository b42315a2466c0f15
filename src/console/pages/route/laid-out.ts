import type { Stage, Stages } from "../../../policy/stages.ts";

/** Stages drawn before now and after it have no end of their own: they get this part of the line. */
const OPEN_PART = 0.12;

interface Drawn {
  readonly stage: Stage;
  readonly left: number;
  readonly width: number;
}

/** Where each stage lies on a line from 0 to 1, and where now does. Pure. */
export function laidOut({ list }: Pick<Stages, "list">, at: number) {
  const instants = list.flatMap(({ from }) => from ?? []);
  const start = instants[0] ?? at;
  const last = instants.at(-1) ?? at;
  const span = Math.max(last - start, 1);
  const inner = 1 - 2 * OPEN_PART;
  const place = (ms: number) =>
    ms < start
      ? OPEN_PART / 2
      : ms > last
        ? 1 - OPEN_PART / 2
        : OPEN_PART + ((ms - start) / span) * inner;
  const edge = (ms: number | undefined, open: number) =>
    ms === undefined
      ? open
      : instants.length === 1
        ? 0.5
        : OPEN_PART + ((ms - start) / span) * inner;
  const drawn = list.map((stage): Drawn => {
    const left = edge(stage.from, 0);
    return { stage, left, width: edge(stage.to, 1) - left };
  });
  const single = at < start ? 0.25 : 0.75;
  return { drawn, now: instants.length === 1 ? single : place(at) };
}
