import { logFactor, logPart } from "../../../src/stats/guard/evidence.ts";
import type { Random } from "../../../src/stats/random.ts";
import { requestsOf, requestsOfAll } from "./streams.ts";

/** A rule that looks at requests of the same stream; told of all who came, and asked after each report. */
export interface Rule {
  met(variant: string, visitors: number, failed: number): void;
  /** Whether it ends the roll-out, or stops it and asks somebody. */
  acts(at: number): boolean;
}

interface Requests {
  all: number;
  failed: number;
}

const share = ({ all, failed }: Requests): number => (all === 0 ? 0 : failed / all);

function counter(random: Random) {
  const counts = { stable: { all: 0, failed: 0 }, canary: { all: 0, failed: 0 } };
  return {
    counts,
    met: (variant: string, visitors: number, failed: number) => {
      const into = variant === "canary" ? counts.canary : counts.stable;
      into.all += requestsOfAll(visitors - failed);
      // Who fails, fails with every request, and tries on.
      for (let left = failed; left > 0; left -= 1) {
        const requests = requestsOf(random);
        into.all += requests;
        into.failed += requests;
      }
    },
  };
}

const THRESHOLD = Math.log(100);

/** The guard's own test, but of requests: as if each were somebody's first. */
export function byRequest(random: Random, canary: number): Rule {
  const { counts, met } = counter(random);
  let seen = 0;
  return {
    met,
    acts() {
      const { stable, canary: tried } = counts;
      if (tried.failed === seen) return false;
      seen = tried.failed;
      if (!(share(tried) > share(stable))) return false;
      const failing = { variant: tried.failed, both: tried.failed + stable.failed, share: canary };
      return logPart(0) + logFactor(failing) >= THRESHOLD;
    },
  };
}

/** Both look once a minute, at the canary's requests of that minute. */
const INTERVAL_MS = 60_000;

function byMinute(random: Random, looks: (success: number) => boolean): Rule {
  const { counts, met } = counter(random);
  let due = INTERVAL_MS;
  return {
    met,
    acts(at) {
      if (at < due) return false;
      due = at + INTERVAL_MS;
      const { all, failed } = counts.canary;
      counts.canary = { all: 0, failed: 0 };
      return all > 0 && looks(1 - failed / all);
    },
  };
}

/** Flagger's documented canary: `request-success-rate` of 99 at least, `interval: 1m`, `threshold: 5` failed checks. */
const FLAGGER = { success: 0.99, threshold: 5 };

export function flagger(random: Random): Rule {
  let failed = 0;
  return byMinute(random, (success) => {
    if (success < FLAGGER.success) failed += 1;
    return failed >= FLAGGER.threshold;
  });
}

/** An Argo analysis: a success from 99 % on, a failure below 95 %, inconclusive between; more than three of one kind abort, or pause. */
const ARGO = { success: 0.99, failure: 0.95, failureLimit: 3, inconclusiveLimit: 3 };

export function argo(random: Random): Rule {
  let [failures, inconclusive] = [0, 0];
  return byMinute(random, (success) => {
    if (success < ARGO.failure) failures += 1;
    else if (success < ARGO.success) inconclusive += 1;
    return failures > ARGO.failureLimit || inconclusive > ARGO.inconclusiveLimit;
  });
}
