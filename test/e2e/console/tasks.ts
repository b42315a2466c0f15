import type { Page } from "playwright-core";

/** What Chromium tells of a piece of work (µs); `tdur` is the time that a processor spent on it. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

const TASKS = new Set(["RunTask", "ThreadControllerImpl::RunTask"]);

/**
 * How long the longest task of the page took while something was done with it (ms of a processor's
 * time on the main thread): all that keeps somebody waiting, scripts, styles, layout and painting, on
 * a machine that has nothing else to do. What other work on this machine adds is not counted.
 */
export async function longestTask(page: Page, work: () => Promise<void>): Promise<number> {
  const inspector = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  inspector.on("Tracing.dataCollected", ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  );
  await inspector.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"] },
  });
  await work();
  const isOver = new Promise((resolve) => inspector.once("Tracing.tracingComplete", resolve));
  await inspector.send("Tracing.end");
  await isOver;
  await inspector.detach();

  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    events.filter(({ args }) => args.name === "CrRendererMain").map((event) => threadOf(event)),
  );
  const tasks = events.filter((event) => TASKS.has(event.name) && main.has(threadOf(event)));
  if (tasks.length === 0) throw new Error("the trace tells of no task: was anything done?");
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}
