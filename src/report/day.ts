const DAY_MS = 86_400_000;

/** The number of a day: the platform's daily limits begin anew at midnight, UTC. */
export const dayOf = (now: number): number => Math.floor(now / DAY_MS);
