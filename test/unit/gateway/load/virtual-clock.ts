import { setImmediate } from "node:timers/promises";

import { workerPlatform, type Platform } from "../../../../src/gateway/platform.ts";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/** Lets everything run on that waits for nothing but promises. */
const settle = async () => {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
};

/** A clock that stands until it is moved, and the platform that lives by it. */
export function virtualClock(start = Date.UTC(2026, 10, 28)) {
  let now = start;
  let timers: Timer[] = [];
  const logged: string[] = [];
  const platform: Platform = {
    ...workerPlatform,
    now: () => now,
    random: () => 0,
    randomId: () => "isolate",
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = { at: now + ms, wake: () => resolve() };
        timers.push(timer);
        signal?.addEventListener("abort", () => {
          timers = timers.filter((other) => other !== timer);
        });
      }),
    log: (_, message) => void logged.push(message),
  };
  /** Moves the clock, and stops at every timer on the way. */
  const pass = async (ms: number) => {
    const end = now + ms;
    await settle();
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      timers = timers.filter((timer) => timer !== next);
      now = Math.max(now, next.at);
      next.wake();
      await settle();
    }
    now = end;
    await settle();
  };
  /** Sets the clock without any timer's noticing. */
  const set = (time: number) => void (now = time);
  return { platform, logged, pass, set, now: () => now, timers: () => timers.length };
}
